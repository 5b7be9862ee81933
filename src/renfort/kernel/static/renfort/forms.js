// Comfort in forms: focus on what went wrong, counters, steppers, shown passwords, one sending only.

const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

for (const area of document.querySelectorAll("[data-counter]")) {
  const output = document.getElementById(area.dataset.counter);
  const limit = Number(area.maxLength);
  if (!output || limit < 1) continue;
  const language = document.documentElement.lang;
  const one = (left) => new Intl.PluralRules(language).select(left) === "one"; // none is singular in French, plural in English
  let said = 0;
  const visible = output.querySelector("[data-visible]");
  const live = output.querySelector("[role=status]");
  const count = () => {
    const left = limit - area.value.length;
    const words = (one(left) ? output.dataset.one : output.dataset.many).replace("%n", left.toLocaleString(language));
    visible.textContent = words;
    output.toggleAttribute("data-over", left <= 0);
    clearTimeout(said); // spoken when the writer pauses, not at each key
    said = setTimeout(() => (live.textContent = left < limit / 5 ? words : ""), 900);
  };
  area.addEventListener("input", count);
  count();
}

for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input");
  for (const button of stepper.querySelectorAll("button")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (input.value === "") input.value = input.min || 0;
      else if (button.dataset.step === "up") input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  if (!input) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
}

for (const field of document.querySelectorAll("[data-autosubmit]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-autosubmit-button]")) button.hidden = true;

// A second press sends nothing more. The button stays focusable and its value is sent with the first.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const pressed = event.submitter;
    if (pressed) pressed.setAttribute("data-busy", "");
  });
}
addEventListener("pageshow", (event) => {
  if (!event.persisted) return; // come back by the arrow: the form may be sent again
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-busy]")) button.removeAttribute("data-busy");
});

// A button that cannot be used says why beside it; pressing it does nothing.
document.addEventListener("click", (event) => {
  if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
});
