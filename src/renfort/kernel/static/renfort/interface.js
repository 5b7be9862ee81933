// Comfort added to pages that work without it: theme, menus, passing messages.

const root = document.documentElement;
const cookieYear = 31536000;

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false; // without this module the page follows the system's own setting
  button.addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    document.cookie = `theme=${next}; path=/; max-age=${cookieYear}; samesite=lax`;
  });
}

// An open menu closes on Escape, on a click elsewhere, and when focus leaves it.
const menus = document.querySelectorAll("details.drop");
const close = (menu, giveBack) => {
  if (!menu.open) return;
  menu.open = false;
  if (giveBack) menu.querySelector("summary").focus();
};
for (const menu of menus) {
  menu.addEventListener("keydown", (event) => event.key === "Escape" && close(menu, true));
  menu.addEventListener("focusout", (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && close(menu));
}
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) close(menu);
});

// « Mission mise à jour » goes away by itself; a warning stays until it is closed. Pointing or focusing keeps it.
for (const toast of document.querySelectorAll("[data-toast]")) {
  const dismiss = toast.querySelector("[data-dismiss]");
  const leave = () => {
    toast.classList.add("toast-gone");
    setTimeout(() => toast.remove(), 700);
  };
  if (dismiss) {
    dismiss.hidden = false;
    dismiss.addEventListener("click", leave);
  }
  if (toast.dataset.toast === "passing") {
    const fade = () => (toast.matches(":hover, :focus-within") ? setTimeout(fade, 3000) : leave());
    setTimeout(fade, 8000);
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.querySelector("[role=status]");
    if (said) said.textContent = button.dataset.copied;
  });
}
