// « Présences » on a phone: a tap counts at once, waits for the network when there is none, and is sent once.
// Without this module each row is a form. The server tells a mark that comes twice by its key.

const root = document.querySelector("[data-roll-call]");
const { url, stateUrl, store, worker } = root.dataset;
const csrf = root.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? "";
const said = document.getElementById("attente");
const refused = document.getElementById("refus");
const shown = document.getElementById("compte");
const most = 50; // marks in one request
const again = 5000; // milliseconds before another try
const fresh = 20000; // milliseconds between two looks at what other phones marked
let memory = []; // where the browser keeps nothing
let timer = 0;
let busy = false;

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(store)) ?? memory;
  } catch {
    return memory;
  }
};
const keep = (marks) => {
  memory = marks;
  try {
    if (marks.length) localStorage.setItem(store, JSON.stringify(marks));
    else localStorage.removeItem(store);
  } catch {
    // kept as long as this page is open
  }
};

// what the site has said since this page came: a page opened again without network is an older one
const seen = `${store}-vu`;
const remember = () => {
  const rows = {};
  for (const row of root.querySelectorAll("[data-registration]")) rows[row.dataset.registration] = row.dataset.state;
  try {
    localStorage.setItem(seen, JSON.stringify(rows));
  } catch {
    // this page alone knows
  }
};
const recall = () => {
  try {
    if (navigator.onLine) localStorage.removeItem(seen);
    else for (const [number, state] of Object.entries(JSON.parse(localStorage.getItem(seen)) ?? {})) paint(rowOf(number), state, false);
  } catch {
    // nothing was kept
  }
};

const rowOf = (number) => document.getElementById(`p-${number}`);

const paint = (row, state, waits) => {
  if (!row) return;
  row.dataset.state = state;
  row.toggleAttribute("data-waits", waits);
  const button = row.querySelector("button");
  if (!button) return;
  const there = state === "present";
  button.classList.toggle("btn-primary", !there);
  button.classList.toggle("btn-quiet", there);
  button.firstChild.textContent = there ? root.dataset.wordBack : root.dataset.wordMark;
};

const count = () => {
  const rows = root.querySelectorAll("[data-registration]");
  const there = root.querySelectorAll('[data-registration][data-state="present"]').length + Number(root.dataset.unlisted);
  const all = rows.length + Number(root.dataset.unlistedAll);
  shown.textContent = root.dataset.wordCount.replace("{p}", there).replace("{t}", all);
};

const tell = () => {
  const n = kept().length;
  said.textContent = !n ? "" : (n === 1 ? root.dataset.wordOne : root.dataset.wordMany).replace("{n}", n);
  said.hidden = !n;
};

const complain = (name, words) => {
  const line = document.createElement("li");
  line.textContent = name ? `${name} : ${words}` : words;
  const body = refused.querySelector(".alert-body");
  if (!body.querySelector("ul")) body.append(document.createElement("ul"));
  body.querySelector("ul").append(line);
  refused.hidden = false;
};

const settle = (answer) => {
  const done = new Set();
  for (const mark of answer.marks) {
    done.add(mark.key);
    const row = rowOf(mark.registration);
    if (mark.outcome === "refused") complain(row?.dataset.name ?? "", mark.words);
    if (row && mark.state) paint(row, mark.state, false);
  }
  const left = kept().filter((mark) => !done.has(mark.key));
  keep(left);
  remember();
  for (const mark of left) paint(rowOf(mark.registration), mark.act === "present" ? "present" : "expected", true);
  count();
};

const send = async () => {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  try {
    for (let marks = kept(); marks.length; marks = kept()) {
      const part = marks.slice(0, most).map(({ at, ...mark }) => ({ ...mark, ago: Math.max(0, Date.now() - at) }));
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify({ marks: part }),
        redirect: "manual",
      });
      if (!answer.ok) {
        const lost = answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404;
        if (lost && !root.dataset.told) {
          root.dataset.told = "yes";
          complain("", root.dataset.wordLost);
        }
        break;
      }
      settle(await answer.json());
    }
  } catch {
    // no network: the marks wait
  }
  busy = false;
  tell();
  if (kept().length) timer = setTimeout(send, again);
};

const look = async () => {
  if (document.hidden || busy || kept().length) return;
  try {
    const answer = await fetch(stateUrl, { redirect: "manual" });
    if (!answer.ok) return;
    const found = await answer.json();
    if (kept().length) return; // tapped meanwhile
    for (const [number, state] of Object.entries(found.rows)) {
      const row = rowOf(number);
      if (row && row.dataset.state !== state) paint(row, state, false);
    }
    remember();
    count();
  } catch {
    // the next turn asks again
  }
};

root.addEventListener("submit", (event) => {
  const row = event.submitter?.closest("[data-registration]");
  if (!row) return;
  event.preventDefault();
  const act = row.dataset.state === "present" ? "taken_back" : "present";
  keep([...kept(), { key: crypto.randomUUID(), registration: Number(row.dataset.registration), act, at: Date.now() }]);
  paint(row, act === "present" ? "present" : "expected", true);
  count();
  tell();
  send();
});

const search = root.querySelector('input[type="search"]');
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
search?.addEventListener("input", () => {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  for (const row of root.querySelectorAll("[data-registration]")) {
    const text = plain(row.dataset.name);
    row.hidden = !words.every((word) => text.includes(word));
  }
});
search?.form.addEventListener("submit", (event) => event.preventDefault());

window.addEventListener("online", send);
document.addEventListener("visibilitychange", () => document.hidden || send());
setInterval(look, fresh);

recall();
for (const mark of kept()) paint(rowOf(mark.registration), mark.act === "present" ? "present" : "expected", true);
count();
tell();
if (kept().length) send();
root.dataset.ready = "yes";

// the page itself opens without network, on this phone, for the day
if ("serviceWorker" in navigator) navigator.serviceWorker.register(worker).catch(() => {});
