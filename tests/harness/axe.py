"""What axe-core says of a page, read once for each shape of page.

Two documents of one shape have the same elements with the same classes, roles, states and references; words and numbers differ.
At the same width, in the same theme, axe says the same of both: the second is not read again. A shape with a fault is never
remembered, so that it is told wherever it is met. What words can do to a page is measured on every page: targets that become too
small make another shape, and what sticks out sideways is looked for apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

Faults = list[tuple[str, list[Any]]]
SOURCE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
# no stylesheet is fetched once more: only sound and film that play by themselves need to be loaded first
QUICK = 'iframes: false, resultTypes: ["violations"], preload: {assets: ["media"]}'
TAGS = '["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]'
RULES = f"{{runOnly: {TAGS}, {QUICK}}}"
CONTRAST = f'{{runOnly: {{type: "rule", values: ["color-contrast"]}}, {QUICK}}}'  # all that another theme can change
_clean: set[tuple[str, str]] = set()  # shapes that were read in this process and have no fault

SHAPE = r"""() => {
  const plain = (value) => value.replace(/-?\d+(\.\d+)?/g, "N");
  const there = (id) => (document.getElementById(id) ? "there" : "gone");
  const isFilled = new Set("action datetime href max min placeholder src srcset title value".split(" "));
  const refers = new Set("aria-controls aria-describedby aria-labelledby aria-owns for form headers popovertarget".split(" "));
  const names = "nav, main, header, footer, section, aside, form, dialog, [role]"; // two landmarks of one name are a fault
  const attribute = (element, { name, value }) => {
    const said = (what) => `${name}=${what}`;
    if (name === "class") return said(value); // colours may be numbered
    if (name === "lang") return said(/^(fr|en)$/.test(value) ? "ours" : value);
    if (name === "href" && /^#./.test(value)) return said(there(value.slice(1)));
    if (refers.has(name)) return said(value.split(/\s+/).map(there));
    if (isFilled.has(name)) return said(Boolean(value.trim()));
    if (name === "aria-label") return said(element.matches(names) ? plain(value) : Boolean(value.trim()));
    if (name === "content") return said(element.name === "viewport" || element.httpEquiv ? value : "");
    const isNumbered = /^(id|name|style|alt|data-.*)$/.test(name) || element.namespaceURI.endsWith("svg");
    return said(isNumbered ? plain(value) : value);
  };
  const states = ":checked :disabled :focus :indeterminate :modal :popover-open :target :user-invalid".split(" ");
  const targets = "a, button, input, select, summary, textarea, [role], [tabindex]";
  const isSmall = (element) => { // what words make of a link: too little for a finger
    const box = element.matches(targets) ? element.getBoundingClientRect() : { width: 0 };
    return box.width > 0 && (box.width < 24 || box.height < 24) ? "small" : "";
  };
  const told = (element) => {
    if (/^(script|style|template)$/.test(element.localName)) return "";
    const parts = [];
    for (const node of element.localName === "textarea" ? [] : element.childNodes) {
      const part = node.nodeType === 1 ? told(node) : node.nodeType === 3 && node.data.trim() ? "words" : "";
      if (part && part !== parts.at(-1)) parts.push(part); // a row like the one above it says nothing new
    }
    const attributes = [...element.attributes].map((each) => attribute(element, each)).sort();
    const are = states.filter((state) => element.matches(state));
    return `<${element.localName} ${attributes.join(" ")} ${are} ${isSmall(element)}>${parts.join("")}</>`;
  };
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  const media = ["(prefers-color-scheme: dark)", "(pointer: coarse)"].map((query) => matchMedia(query).matches);
  const text = [innerWidth, media, twice, Boolean(document.title.trim()), told(document.documentElement)].join("|");
  let one = 0xdeadbeef, two = 0x41c6ce57; // a digest: the text itself is long
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  return `${text.length} ${one >>> 0} ${two >>> 0}`;
}"""
CALM = """() => { // a sheet of the test's own, which no policy of the page is about
  const calm = new CSSStyleSheet();
  calm.replaceSync("*, *::before, *::after { transition: none !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, calm];
}"""
SETTLED = """async () => {
  // a window that nothing paints has no frames
  const frame = () => Promise.race([new Promise(requestAnimationFrame), new Promise((done) => setTimeout(done, 200))]);
  await frame();
  for (let depth = 0; depth < 50; depth++) { // colours on their way from one theme to the other pass from parent to child
    await frame();
    const moving = document.getAnimations();
    if (!moving.length) return;
    for (const each of moving) each.finish();
  }
}"""
# what a bar at the bottom covers is one movement away, and the focus never stays behind it (``FOCUS_IS_HIDDEN``)
RUN = """async (rules) => {
  const bars = [...document.querySelectorAll(".save-bar")];
  for (const bar of bars) bar.style.position = "static";
  try {
    return (await axe.run(document, rules)).violations;
  } finally {
    for (const bar of bars) bar.style.position = "";
  }
}"""


def shape(page: Page, rules: str) -> tuple[str, str]:
    """What is read, and of which document: of its words and numbers nothing, of the window its width and theme."""
    return rules, page.evaluate(SHAPE)


def is_known(seen: tuple[str, str]) -> bool:
    """Whether such a document was read before and has no fault."""
    return seen in _clean


def axe(page: Page, rules: str = RULES, seen: tuple[str, str] | None = None) -> Faults:
    """What axe-core finds on a page: rule, and where; the same shape is read once. ``seen``: the shape, when just taken."""
    seen = seen or shape(page, rules)
    if is_known(seen):
        return []
    return remember(seen, read(page, rules))


def remember(seen: tuple[str, str], faults: Faults) -> Faults:
    """Keep in mind that this shape is in order, when it is; returns the faults."""
    if not faults:
        _clean.add(seen)
    return faults


def read(page: Page, rules: str = RULES) -> Faults:
    """What axe-core finds now, whatever was read before."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SOURCE)
    page.evaluate(SETTLED)
    found = page.evaluate(f"({RUN})({rules})")
    faults = [(each["id"], [(node["target"], node["failureSummary"][:300]) for node in each["nodes"]]) for each in found]
    return [(rule, places) for rule, nodes in faults if (places := [node for node in nodes if not _is_essential(rule, node)])]


def _is_essential(rule: str, node: tuple[Any, str]) -> bool:
    """WCAG 2.5.8 leaves out what must stand where it stands: a marker on a map. The list beside it leads to the same missions."""
    return rule == "target-size" and ".leaflet-marker-icon" in str(node[0])
