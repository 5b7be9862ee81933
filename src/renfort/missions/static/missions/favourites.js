// Hearts change at once, without leaving the list. Without this module, or for somebody not signed in, the form is sent.
const form = document.querySelector("form[data-hearts]");
const status = form?.querySelector("[role=status]");

const show = (heart, kept) => {
  heart.toggleAttribute("data-kept", kept);
  heart.name = kept ? "retirer" : "garder";
  if (heart.hasAttribute("aria-pressed")) heart.setAttribute("aria-pressed", String(kept));
  const words = heart.querySelector("[data-heart-words]");
  if (words) words.textContent = kept ? words.dataset.on : words.dataset.off;
};

const tell = (sentence, quietly) => {
  status.classList.toggle("sr", quietly); // the heart shows that it worked; that it did not is said to everybody
  status.textContent = sentence;
};

form?.addEventListener("submit", async (event) => {
  const heart = event.submitter;
  if (!heart?.matches("[data-heart]")) return;
  event.preventDefault();
  if (heart.dataset.busy) return;
  const data = new FormData(form, heart);
  const kept = heart.name === "garder";
  heart.dataset.busy = "true";
  show(heart, kept); // at once: it is nearly always right
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (answer.redirected) {
      location.assign(answer.url); // not a volunteer yet, or signed out meanwhile: the page that says so
      return;
    }
    const said = answer.headers.get("content-type")?.includes("json") ? (await answer.json()).sentence : "";
    if (!answer.ok) throw new Error(said || form.dataset.failed);
    tell(said, true);
  } catch (error) {
    show(heart, !kept);
    tell(error instanceof TypeError ? form.dataset.failed : error.message, false);
  } finally {
    delete heart.dataset.busy;
  }
});
