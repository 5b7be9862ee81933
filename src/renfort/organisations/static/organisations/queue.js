// Keys for the queues of cases and for one case; everything works without them. Off in the help, for those whom they disturb.

const KEYS_OFF = "renfort.keys-off";
const help = document.querySelector("[data-keys]");
const toggle = document.querySelector("[data-keys-on]");
const off = () => localStorage.getItem(KEYS_OFF) === "1";
const rows = () => [...document.querySelectorAll("tr[data-row] th a")];

help.hidden = false;
toggle.checked = !off();
toggle.addEventListener("change", () => localStorage.setItem(KEYS_OFF, toggle.checked ? "0" : "1"));

const move = (step) => {
  const all = rows();
  const place = all.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = all[place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};

const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(document.activeElement) || off() || document.querySelector("dialog:popover-open")) return;
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (event.key === "?") document.getElementById("touches").showPopover();
  else if (link) link.click();
  else if (event.key === "p") (document.querySelector('[name="touche"]') ?? document.querySelector('.actions a[href*="/prendre/"], .actions a[href*="/rendre/"]'))?.click();
  else if (event.key === "d") document.querySelector("#decision .actions a, #decision .actions button")?.focus();
  else if (rows().length && (event.key === "j" || event.key === "k")) move(event.key === "j" ? 1 : -1);
  else return;
  event.preventDefault();
});
