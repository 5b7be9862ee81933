// « Ville ou code postal » and « Lieu »: suggestions while typing (ARIA combobox). Without this script the form asks when it is
// sent, or has a button for it. A box says by data-… where to ask, what the rows are called, and which fields a row fills.

const WAIT = 180; // ms of silence before asking
const PATIENCE = 4000; // ms for an answer: the server promises two seconds
const REST = 10000; // ms without asking after a failure: whoever types by hand is left alone

for (const box of document.querySelectorAll("[data-suggest]")) enhance(box, box.querySelector("input:not([type=hidden]):not([type=radio])"));

function enhance(box, input) {
  if (!input) return;
  const list = document.createElement("ul");
  const status = document.createElement("div");
  const fills = box.dataset.fills?.split(" ") ?? [];
  let options = [], active = -1, timer = 0, asked = null, restsUntil = 0;

  list.id = `${input.id}_suggestions`;
  list.className = "suggest-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.firstChild?.textContent.trim() ?? "");
  list.hidden = true;
  status.className = "sr";
  status.setAttribute("role", "status");
  (input.closest(".with-button") ?? input).after(list, status);
  box.querySelector("[data-search]")?.remove(); // it would also be the button that Enter presses in the other fields
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }

  const say = (sentence, seen = false) => {
    status.className = seen ? "help" : "sr";
    status.textContent = sentence;
  };

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

  const field = (name) => input.form.elements[`${box.dataset.prefix}${name}`];

  // numbers as the server writes them: it compares what comes back with what was filled
  const written = (value) => (typeof value === "number" ? String(Number(value.toFixed(6))) : value ?? "");

  const fill = (row) => {
    for (const name of fills) {
      const target = field(name);
      if (!target) continue;
      target.value = written(row[name]);
      target.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const before = field("place_before");
    if (before) before.value = JSON.stringify(fills.map((name) => written(row[name])));
    say(box.dataset.filled, true);
  };

  const choose = (number) => {
    const row = options[number].row;
    input.value = row.label;
    box.querySelector(".suggest-choice")?.remove();
    if (fills.length) fill(row);
    else codeField().value = row.code;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (rows) => {
    options = rows.map((row, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}_${number}`;
      option.row = row;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const detail = document.createElement("small");
      detail.textContent = ` ${row.detail}`;
      option.append(row.label, detail);
      option.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
      option.addEventListener("click", () => choose(number));
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    mark(-1);
  };

  const fail = () => {
    close();
    if (!box.dataset.silent) return; // the form still works when it is sent
    restsUntil = Date.now() + REST;
    say(box.dataset.silent, true);
  };

  const ask = async () => {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < 2) return close();
    if (Date.now() < restsUntil) return;
    const mine = (asked = new AbortController());
    const late = setTimeout(() => mine.abort("late"), PATIENCE);
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: mine.signal });
      if (!answer.ok) return fail();
      const found = await answer.json();
      if (mine.signal.aborted || document.activeElement !== input) return;
      const rows = found[box.dataset.rows];
      show(rows);
      const silent = !rows.length && found.answered === false;
      say(silent ? box.dataset.silent : rows.length ? box.dataset.some.replace("%n", rows.length) : box.dataset.none, silent);
    } catch {
      if (!mine.signal.aborted || mine.signal.reason === "late") fail(); // else a newer question took its place
    } finally {
      clearTimeout(late);
    }
  };

  input.addEventListener("input", () => {
    const code = box.querySelector("input[data-code]");
    if (code) code.value = "";
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
      choose(active);
    } else if (event.key === "Enter" && fills.length) {
      event.preventDefault(); // one searches here: Enter sends no unfinished form
      ask();
    }
  });
}
