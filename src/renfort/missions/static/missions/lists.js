// Comfort added to lists that work without it: a panel beside the list, keys, many at once, the progress of long work.

const list = document.querySelector("[data-list]");
const KEYS_OFF = "renfort.keys-off";
const wide = matchMedia("(min-width: 75rem)");

// ── the panel ─────────────────────────────────────────────────────────────────────────────────────
const panelOf = () => list.querySelector(":scope > .panel");
const rowOf = (number) => list.querySelector(`tr[data-row="${number}"]`);
const linkOf = (row) => row?.querySelector("[data-panel]");
const rows = () => [...list.querySelectorAll("tr[data-row]")];
let scrolled = 0;
let last = 0; // the newest panel asked for: an older answer that comes late is not shown

const addressOf = (number) => {
  const address = new URL(location.href);
  if (number) address.searchParams.set("volet", number);
  else address.searchParams.delete("volet");
  return address;
};
const mark = (number) => {
  for (const row of list.querySelectorAll("tr[aria-current]")) row.removeAttribute("aria-current");
  rowOf(number)?.setAttribute("aria-current", "true");
};
const put = (html, number) => {
  const parts = document.createRange().createContextualFragment(html);
  const panel = parts.querySelector(".panel");
  const before = panelOf();
  if (before) before.replaceWith(panel);
  else {
    scrolled = scrollY;
    list.append(panel);
  }
  panel.dataset.row = number;
  panel.querySelector(".panel-head .icon-link").href = addressOf(0);
  for (const field of panel.querySelectorAll('[name="retour"]')) field.value = addressOf(0).pathname + addressOf(0).search;
  mark(number);
  return { panel, parts };
};
const show = async (number, { push = true, focus = true, verb = "" } = {}) => {
  const link = linkOf(rowOf(number));
  if (!link) return location.assign(addressOf(number));
  const turn = ++last;
  const asked = link.dataset.panel + (verb ? `?geste=${verb}` : "");
  const answer = await fetch(asked, { headers: { "X-Volet": "1" } }).catch(() => null);
  if (turn !== last) return;
  if (!answer?.ok || answer.redirected) return location.assign(link.href); // signed out, gone, no network: the page says it
  const { panel } = put(await answer.text(), number);
  if (push) history.pushState({ panel: number }, "", addressOf(number));
  if (focus) panel.focus({ preventScroll: wide.matches });
};
const hide = ({ push = true } = {}) => {
  const panel = panelOf();
  if (!panel) return;
  const number = panel.dataset.row || new URL(location.href).searchParams.get("volet");
  last++;
  panel.remove();
  mark(0);
  if (push) history.pushState({}, "", addressOf(0));
  linkOf(rowOf(number))?.focus({ preventScroll: true });
  if (!wide.matches) scrollTo(0, scrolled);
};

if (list) {
  list.addEventListener("click", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (!plain) return;
    const link = event.target.closest("[data-panel]");
    if (link) {
      event.preventDefault();
      show(link.closest("tr").dataset.row);
    } else if (event.target.closest(".panel-head .icon-link")) {
      event.preventDefault();
      hide();
    } else if (event.target.closest(".answers a")) {
      const answer = event.target.closest("a");
      event.preventDefault();
      show(answer.closest("tr").dataset.row, { verb: answer.pathname.endsWith("/accepter/") ? "accept" : "refuse" }).then(() =>
        panelOf()?.querySelector('[name="geste"]:checked')?.focus(),
      );
    }
  });
  addEventListener("popstate", () => {
    const number = new URL(location.href).searchParams.get("volet");
    if (number) show(number, { push: false });
    else hide({ push: false });
  });
  const opened = panelOf();
  if (opened) {
    opened.dataset.row = new URL(location.href).searchParams.get("volet");
    opened.focus({ preventScroll: wide.matches });
  }

  // « Enregistrer » in the panel: the row changes beside it, the list keeps its place
  list.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-status]");
    if (!form) return;
    event.preventDefault();
    const number = panelOf().dataset.row;
    const data = new FormData(form);
    data.set("colonnes", list.dataset.columns || "");
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Volet": "1" } }).catch(() => null);
    if (!answer || answer.redirected || ![200, 409, 422].includes(answer.status)) return form.submit();
    const { panel, parts } = put(await answer.text(), number);
    const changed = parts.querySelector("[data-new-row]")?.content.querySelector("tr");
    if (changed) rowOf(number)?.replaceWith(changed);
    const said = parts.querySelector("[data-outcome]")?.content.textContent;
    if (said) announce(said);
    (panel.querySelector('[role="alert"], .error') ? panel.querySelector(".error")?.closest(".field")?.querySelector("select, textarea") : null)?.focus();
    if (!panel.contains(document.activeElement)) panel.focus({ preventScroll: true });
  });
}

const announce = (words) => {
  let live = document.querySelector("[data-live]");
  if (!live) {
    live = Object.assign(document.createElement("p"), { className: "toast-line" });
    live.setAttribute("role", "status");
    live.dataset.live = "";
    document.body.append(live);
  }
  live.textContent = "";
  setTimeout(() => (live.textContent = words), 50);
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => (live.textContent = ""), 6000);
};

// ── words of a template ───────────────────────────────────────────────────────────────────────────
document.addEventListener("change", (event) => {
  const chosen = event.target.closest("[data-template]");
  if (!chosen) return;
  const message = document.getElementById(chosen.dataset.template);
  message.value = chosen.selectedOptions[0].dataset.text || "";
  message.dispatchEvent(new Event("input", { bubbles: true }));
});

// ── many at once ──────────────────────────────────────────────────────────────────────────────────
const bar = document.getElementById("choix");
if (bar) {
  const said = bar.querySelector("[data-said]");
  const everything = bar.querySelector('[name="tout"]');
  const all = document.querySelector("[data-tick-all]");
  const ticks = () => [...document.querySelectorAll('[name="ligne"]')];
  const go = bar.querySelector("button");
  const count = () => {
    const chosen = ticks().filter((tick) => tick.checked).length;
    said.textContent = chosen === 0 ? said.dataset.none : chosen === 1 ? said.dataset.one : said.dataset.many.replace("{n}", chosen);
    go.disabled = !chosen && !everything?.checked;
    bar.classList.toggle("is-idle", go.disabled);
    const box = all.querySelector("input");
    box.checked = chosen > 0 && chosen === ticks().length;
    box.indeterminate = chosen > 0 && !box.checked;
  };
  all.hidden = false;
  document.querySelector("[data-no-script]").hidden = true;
  all.addEventListener("change", (event) => {
    for (const tick of ticks()) tick.checked = event.target.checked;
    count();
  });
  document.addEventListener("change", (event) => event.target.matches('[name="ligne"], [name="tout"]') && count());
  addEventListener("pageshow", count); // a page that comes back keeps its ticks
  count();
}

// ── keys ──────────────────────────────────────────────────────────────────────────────────────────
if (list) {
  const help = document.querySelector("[data-keys]");
  const toggle = document.querySelector("[data-keys-on]");
  const off = () => localStorage.getItem(KEYS_OFF) === "1";
  help.hidden = false;
  toggle.checked = !off();
  toggle.addEventListener("change", () => localStorage.setItem(KEYS_OFF, toggle.checked ? "0" : "1"));

  const current = () => {
    const number = document.activeElement.closest?.("tr[data-row]")?.dataset.row || panelOf()?.dataset.row;
    return rows().findIndex((row) => row.dataset.row === number);
  };
  const move = (step) => {
    const all = rows();
    const place = current();
    const next = all[place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step];
    if (!next) return;
    if (panelOf()) show(next.dataset.row, { push: false, focus: true }).then(() => history.replaceState({ panel: next.dataset.row }, "", addressOf(next.dataset.row)));
    else linkOf(next).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = document.activeElement;
    if (event.key === "Escape") {
      if (!document.querySelector("dialog:popover-open, details.drop[open]") && panelOf()) hide();
      return;
    }
    if (typing(here)) return;
    const among = here.closest("tr[data-row]") || here.matches(".panel");
    const arrow = among && !here.closest("details") && !here.matches("[type=radio]");
    if (arrow && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    if (off() || document.querySelector("dialog:popover-open")) return;
    if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (event.key === "x") rows()[current()]?.querySelector('[name="ligne"]')?.click();
    else if (event.key === "/") document.querySelector("[data-search]").focus();
    else if (event.key === "?") document.getElementById("touches").showPopover();
    else return;
    event.preventDefault();
  });
}

// ── long work ─────────────────────────────────────────────────────────────────────────────────────
const work = document.querySelector("[data-work]");
if (work) {
  const look = async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return setTimeout(look, 5000);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-work]");
    if (!now) return location.reload(); // it is over
    work.querySelector(".work-said").innerHTML = now.querySelector(".work-said").innerHTML;
    work.querySelector("progress").value = now.querySelector("progress").value;
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
}
