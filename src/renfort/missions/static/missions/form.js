// The mission form: what is typed is kept on the server, the team is read anew, little comforts. It works without this module.

const form = document.querySelector("[data-mission-form]");
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// ── what is typed is kept (a draft of one's own, judged by nobody) ──────────────────────────────
const PAUSE = 1500; // ms of silence before it is sent
const LONG = 10000; // ms of typing without a pause
const AGAIN = 15000; // ms before a failure is tried again
const LEAVING = 60000; // bytes that a browser still sends for a page that closes
const said = form.querySelector("[data-kept-said]");
let isDirty = false, isSent = false, timer = 0, lastKept = Date.now(), running = null;

const say = (text) => {
  if (said.textContent !== text) said.textContent = text;
};

const keep = async (isLeaving = false) => {
  clearTimeout(timer);
  if (!isDirty || isSent || !form.dataset.keep) return; // a referent's page keeps nothing
  isDirty = false;
  const body = new URLSearchParams(new FormData(form));
  running?.abort();
  const mine = (running = new AbortController());
  try {
    const answer = await fetch(form.dataset.keep, {
      method: "POST",
      body,
      signal: mine.signal,
      keepalive: isLeaving && body.toString().length < LEAVING,
    });
    lastKept = Date.now();
    if (answer.redirected) {
      isDirty = true;
      return say(form.dataset.signedOut);
    }
    if (answer.ok) {
      const now = new Date();
      const two = (number) => String(number).padStart(2, "0");
      return say(form.dataset.kept.replace("%h", now.getHours()).replace("%m", two(now.getMinutes())));
    }
    const why = await answer.json().catch(() => ({}));
    say(why.error ?? form.dataset.unkept);
    if (answer.status >= 500 || answer.status === 429) later(AGAIN);
  } catch {
    if (mine.signal.aborted) return; // a newer one took its place
    say(form.dataset.unkept);
    later(AGAIN);
  }
};

const later = (wait) => {
  isDirty = true;
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
};

const touched = (event) => {
  if (event.isTrusted === false && event.type === "input") return;
  if (!isDirty) lastKept = Math.max(lastKept, Date.now() - PAUSE);
  later(Date.now() - lastKept > LONG ? 0 : PAUSE);
};
form.addEventListener("input", touched);
form.addEventListener("change", touched);
form.addEventListener("submit", () => {
  isSent = true;
  clearTimeout(timer);
  running?.abort();
});
addEventListener("pageshow", (event) => event.persisted && (isSent = false));
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep(true));
addEventListener("pagehide", () => keep(true));

// ── the domain: its title is proposed, and a long list folds to the one chosen ───────────────────
const domains = form.querySelector(".f-domain");
const title = form.elements.title;
const titles = new Map(all("[data-domain]", form).map((help) => [help.dataset.domain, help.dataset.title]));
const propose = (key) => {
  if (!title || !titles.has(key)) return;
  if (title.value.trim() === "" || [...titles.values()].includes(title.value)) title.value = titles.get(key);
};
const radios = all('input[name="domain"]', form);
for (const radio of radios) radio.addEventListener("change", () => propose(radio.value));

if (domains && radios.length > 1) {
  const more = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary btn-small domain-more" });
  more.textContent = form.dataset.change;
  const fold = (isFolded) => {
    domains.toggleAttribute("data-collapsed", isFolded);
    more.hidden = !isFolded;
  };
  more.addEventListener("click", () => {
    fold(false);
    (radios.find((radio) => radio.checked) ?? radios[0]).focus();
  });
  domains.querySelector(".choices").after(more);
  fold(radios.some((radio) => radio.checked) && !domains.classList.contains("field-error"));
  // by finger or mouse the choice is made; by keyboard the arrows go through the whole list
  domains.addEventListener("click", (event) => {
    if (event.detail > 0 && event.target.matches("input") === false && event.target.closest(".tick")) setTimeout(() => fold(true), 150);
  });
}

// ── at a distance, only the department of the place counts (R11) ─────────────────────────────────
const place = ["place_search", "address", "postcode", "city", "latitude"].map((name) => form.querySelector(`.f-${name}`));
const parts = [...place.filter(Boolean).map((field) => field.closest("details") ?? field), form.querySelector("[data-more-addresses]")];
const showPlace = () => {
  const isRemote = form.querySelector('input[name="presence"]:checked')?.value === "remote";
  for (const part of parts) if (part) part.hidden = isRemote;
};
for (const radio of all('input[name="presence"]', form)) radio.addEventListener("change", showPlace);
showPlace();

// ── the team: a colleague invited in another tab appears without anything being lost ─────────────
const main = form.elements.responsible;
const deputies = form.querySelector(".f-deputies .choices");
const refreshed = form.querySelector("[data-refreshed]");
let isAway = false;

const onlyOthers = () => {
  for (const tick of all("label", deputies)) tick.hidden = tick.querySelector("input").value === main.value;
  const field = deputies.closest(".field");
  field.hidden = all("label", deputies).every((tick) => tick.hidden);
};

const addPerson = ({ id, name }) => {
  main.add(new Option(name, id));
  const model = deputies.querySelector("label");
  if (!model) return;
  const tick = model.cloneNode(true);
  const box = tick.querySelector("input");
  Object.assign(box, { value: id, id: `id_deputies_${all("label", deputies).length}`, checked: false });
  tick.htmlFor = box.id;
  tick.querySelector(".tick-text").textContent = name;
  deputies.append(tick);
};

const refresh = async (isAsked) => {
  try {
    const answer = await fetch(form.dataset.team);
    if (!answer.ok || answer.redirected) return;
    const { people } = await answer.json();
    const known = new Set([...main.options].map((option) => option.value));
    const added = people.filter((person) => !known.has(person.id));
    added.forEach(addPerson);
    onlyOthers();
    if (added.length) refreshed.textContent = `${refreshed.dataset.one} ${added.map((person) => person.name).join(", ")}`;
    else if (isAsked) refreshed.textContent = refreshed.dataset.none;
  } catch {
    // the button is still there
  }
};

if (main && deputies && refreshed) {
  main.addEventListener("change", onlyOthers);
  onlyOthers();
  form.querySelector("[data-invite]")?.addEventListener("click", () => (isAway = true));
  addEventListener("focus", () => isAway && refresh(false));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && isAway && refresh(false));
  form.querySelector("[data-refresh]")?.addEventListener("click", (event) => {
    event.preventDefault();
    refresh(true);
  });
}

// ── who will get an e-mail, as soon as it is so (R14) ────────────────────────────────────────────
const tells = form.querySelector("[data-tells]");
if (tells) {
  const watched = ["presence", "format", "starts_on", "ends_on", "schedule", "address", "postcode", "city"];
  const values = () => watched.map((name) => new FormData(form).get(name) ?? "").join("\n");
  const before = values();
  const check = () => {
    const text = values() === before ? "" : tells.dataset.tells;
    if (tells.textContent !== text) tells.textContent = text;
  };
  form.addEventListener("input", check);
  form.addEventListener("change", check);
}

// ── two people at once: whoever goes on typing in a field keeps it ───────────────────────────────
for (const mine of all("[data-mine]", form)) {
  const field = { domain_id: "domain", responsible_id: "responsible" }[mine.dataset.mine] ?? mine.dataset.mine;
  const own = { lieu: ["address", "postcode", "city", "department", "latitude", "longitude"] }[field] ?? [field];
  form.addEventListener("input", ({ target }) => {
    if (own.includes(target.name) || target.name?.startsWith(`${field}-`)) mine.checked = true;
  });
}
