// While a file is being made its line follows it; without this module « Actualiser » does. Focus and the page's place stay.

const list = document.getElementById("exports");
const said = document.getElementById("exports-dit");
const waits = [600, 800, 1000, 1500, 2000];
let turn = 0;

const busy = (root) => root.querySelector('[data-state="waiting"], [data-state="running"]');

const follow = (now, next) => {
  const before = now.querySelector("progress");
  const after = next.querySelector("progress");
  if (now.dataset.state === next.dataset.state && before && after) {
    now.querySelector("[data-words]").textContent = next.querySelector("[data-words]").textContent;
    if (after.hasAttribute("value")) {
      before.max = after.max;
      before.value = after.value;
    }
    return false;
  }
  const held = now.contains(document.activeElement);
  const isOver = busy(now.parentElement) && !["waiting", "running"].includes(next.dataset.state);
  now.replaceWith(next);
  if (held) next.querySelector("button")?.focus();
  return isOver;
};

const ask = async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      let isOver = false;
      for (const next of page.querySelectorAll("#exports > li")) {
        const now = document.getElementById(next.id);
        if (now && (now.dataset.state !== next.dataset.state || busy(now.parentElement))) isOver = follow(now, next) || isOver;
      }
      if (isOver) said.textContent = said.dataset.said;
    }
  } catch {
    // the network is away for a moment: the next turn asks again
  }
  if (busy(list)) setTimeout(ask, waits[Math.min(turn++, waits.length - 1)]);
  else document.getElementById("exports-rafraichir")?.remove();
};

if (list && busy(list)) setTimeout(ask, waits[0]);
