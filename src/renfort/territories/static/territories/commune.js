// « Ville ou code postal »: suggestions while typing (ARIA combobox). Without this script the form asks after it is sent.

const WAIT = 180; // ms of silence before asking

for (const box of document.querySelectorAll("[data-commune]")) enhance(box, box.querySelector("input:not([type=hidden]):not([type=radio])"));

function enhance(box, input) {
  if (!input) return;
  const list = document.createElement("ul");
  const status = document.createElement("div");
  let options = [], active = -1, timer = 0, asked = null;

  list.id = `${input.id}_communes`;
  list.className = "commune-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
  list.hidden = true;
  status.className = "sr";
  status.setAttribute("role", "status");
  input.after(list, status);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    active = index;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", options[index].id);
    options[index].scrollIntoView({ block: "nearest" });
  };

  const codeField = () => {
    let field = box.querySelector("input[data-code]");
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name: `${input.name}_commune` });
      field.dataset.code = "";
      box.append(field);
    }
    return field;
  };

  const choose = (option) => {
    input.value = option.dataset.label;
    box.querySelector(".commune-choice")?.remove();
    codeField().value = option.dataset.code;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (communes) => {
    options = communes.map((commune, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}_${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      Object.assign(option.dataset, { code: commune.code, label: commune.label });
      const detail = document.createElement("small");
      detail.textContent = ` ${commune.detail}`;
      option.append(commune.label, detail);
      option.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
      option.addEventListener("click", () => choose(option));
      return option;
    });
    list.replaceChildren(...options);
    status.textContent = options.length ? box.dataset.some.replace("%n", options.length) : box.dataset.none;
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    mark(-1);
  };

  const ask = async () => {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < 2) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.commune}?q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).communes);
    } catch {
      close(); // no network, or a newer question: the form still works when it is sent
    }
  };

  input.addEventListener("input", () => {
    const field = box.querySelector("input[data-code]");
    if (field) field.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", () => setTimeout(close, 120));
  input.addEventListener("keydown", (event) => {
    const last = options.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void ask();
      const down = event.key === "ArrowDown";
      mark(down ? (active >= last ? 0 : active + 1) : active <= 0 ? last : active - 1);
    } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
      event.preventDefault();
      choose(options[active]);
    }
  });
}
