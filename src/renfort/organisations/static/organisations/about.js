// « Votre structure »: show only the types that fit the status, the sub-types that fit the type. Without this script the lists
// show everything, grouped, and the form says what does not fit.

const tree = JSON.parse(document.getElementById("structure-types").textContent);
const [status, type, subtype] = ["legal_status", "type", "subtype"].map((name) => document.querySelector(`select[name=${name}]`));
const agreements = document.querySelector(".f-agreements");

for (const select of [type, subtype]) {
  select.closest(".field").querySelector(".help")?.remove(); // it says what the list itself says now
  const said = (select.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => document.getElementById(id));
  if (said.length) select.setAttribute("aria-describedby", said.join(" "));
  else select.removeAttribute("aria-describedby");
}

function offer(select, choices) {
  const chosen = select.value;
  select.replaceChildren(select.options[0], ...choices.map(([key, label]) => new Option(label, key, false, key === chosen)));
  if (!choices.some(([key]) => key === chosen)) select.selectedIndex = 0;
  select.disabled = !choices.length;
  select.closest(".field").hidden = !choices.length;
}

function follow() {
  offer(type, tree.types[status.value] ?? []);
  offer(subtype, tree.subtypes[type.value] ?? []);
  const asked = tree.agreements.includes(status.value);
  agreements.hidden = !asked;
  for (const box of agreements.querySelectorAll("input")) box.disabled = !asked;
}

status.addEventListener("change", follow);
type.addEventListener("change", follow);
addEventListener("pageshow", follow); // also when come back by the arrow: the browser has put its own choices in
follow();
