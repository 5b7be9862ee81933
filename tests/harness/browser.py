"""A person in front of Chromium: sees pages, fills forms, presses buttons; by mouse, on a phone, without scripts, by keyboard.

Whatever a page does wrong on the way fails the test: an answer of 500, something that does not load, an error or a breach of the
content security policy in the console. ``look`` judges a page as it stands and keeps a picture of it in ``screenshots/``.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.harness.axe import CALM, CONTRAST, RULES, Faults, axe, is_known, read, remember, shape

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Locator, Page, Request, Response

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "screenshots"
NARROW = 320  # the width at which WCAG 1.4.10 wants no sideways scrolling
MOST_TABS = 250
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NO_BROWSER = "Browser tests left out: no Chromium on this machine (RENFORT_CHROMIUM names one, REQUIRE_BROWSER=1 insists)."


def chromium() -> str | None:
    """The browser to drive: that of RENFORT_CHROMIUM, else the first on the machine."""
    return os.environ.get("RENFORT_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A running Chromium."""
    from playwright.sync_api import sync_playwright

    program = chromium()
    assert program, NO_BROWSER
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of this process.

    Playwright keeps an event loop in this thread, which Django takes for asynchronous code: it is told that it is not.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with launched() as running:
            yield running


@dataclass(frozen=True)
class Means:
    """How somebody uses the site."""

    name: str = "desktop"
    width: int = 1280
    height: int = 900
    scripts: bool = True
    keyboard: bool = False
    language: str = "fr"
    theme: str = "light"


DESKTOP = Means()
PHONE = Means("phone", 390, 844)
PHONE_NO_SCRIPT = Means("phone-no-script", 390, 844, scripts=False)
KEYBOARD = Means("keyboard", keyboard=True)
ENGLISH = Means("english", language="en")


@dataclass
class Visitor:
    """Somebody with a browser of their own (cookies are not shared between visitors)."""

    context: BrowserContext
    page: Page
    site: str
    means: Means
    folder: Path
    troubles: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    reader: CDPSession | None = None

    # ── going ─────────────────────────────────────────────────────────────────────────────────────
    def open(self, address: str) -> None:
        """Type an address, or follow the link of an e-mail."""
        self.page.goto(address if address.startswith("http") else self.site + address)

    def at(self, pattern: str) -> None:
        """Wait to be at an address that matches, and for the page to be there."""
        from playwright.sync_api import TimeoutError as TooLate

        try:
            self.page.wait_for_url(re.compile(pattern), wait_until="load")
        except TooLate:
            said = " ".join(self.page.locator("main").inner_text().split())[:600]
            raise AssertionError(f"{pattern} was expected; here is {self.path()}: {said}") from None

    def path(self) -> str:
        return self.page.url.removeprefix(self.site)

    # ── doing ─────────────────────────────────────────────────────────────────────────────────────
    def press(self, target: str | Locator, to: str = "") -> None:
        """Use a link or a button; with ``to``, wait until the page of that address is there."""
        locator = self.find(target)
        if self.means.keyboard:
            self.reach(locator)
            self.page.keyboard.press("Enter")
        else:
            locator.click()
        if to:
            self.at(to)

    def submit(self, target: str | Locator = "main form button.btn-primary") -> None:
        """Send a form and wait for the answer, be it the same page with what is to be corrected."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(target)

    def fill(self, **values: str) -> None:
        """Type into the fields of these names."""
        for name, value in values.items():
            locator = self.find(f'main [name="{name}"]')
            if not self.means.keyboard:
                locator.fill(value)
                continue
            self.reach(locator)
            if locator.get_attribute("type") == "date":
                self._type_date(locator, value)
            else:
                self.page.keyboard.press("Control+a")
                self.page.keyboard.type(value)
            assert locator.input_value() == value, f"{name}: « {value} » was typed, « {locator.input_value()} » stands there"

    def _type_date(self, locator: Locator, value: str) -> None:
        """In the order of the browser's own language, which no page decides."""
        year, month, day = value.split("-")
        for typed in (month + day + year, day + month + year):
            self.page.keyboard.type(typed)
            if locator.input_value() == value:
                return
            self.page.keyboard.press("Shift+Tab")  # back to the first part
            self.page.keyboard.press("Shift+Tab")

    def choose(self, name: str, value: str) -> None:
        """One of several: radio buttons or a drop-down list."""
        options = self.page.locator(f'input[type="radio"][name="{name}"]')
        if not options.count():
            self._select(self.find(f'select[name="{name}"]'), value)
            return
        wanted = self.find(f'input[type="radio"][name="{name}"][value="{value}"]')
        if not self.means.keyboard:
            wanted.check()
            return
        self.reach(options, among=True)
        for _ in range(options.count() + 1):
            if wanted.is_checked():
                return
            self.page.keyboard.press("Space" if not self._is_chosen(name) else "ArrowDown")
        raise AssertionError(f"the keyboard does not reach {name} = {value}")

    def _is_chosen(self, name: str) -> bool:
        return bool(self.page.locator(f'input[name="{name}"]:checked').count())

    def _select(self, locator: Locator, value: str) -> None:
        if not self.means.keyboard:
            locator.select_option(value)
            return
        self.reach(locator)
        self.page.keyboard.press("Home")
        for _ in range(locator.locator("option").count()):
            if locator.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert locator.input_value() == value

    def tick(self, name: str, value: str = "") -> None:
        """Tick a box."""
        locator = self.find(f'input[type="checkbox"][name="{name}"]' + (f'[value="{value}"]' if value else ""))
        if self.means.keyboard:
            self.reach(locator)
            self.page.keyboard.press("Space")
        else:
            locator.check()
        assert locator.is_checked()

    def reach(self, locator: Locator, *, among: bool = False) -> None:
        """Come to an element by Tab alone, seeing at every step where one is."""
        if not among:
            locator.wait_for(state="attached")  # and it is one alone
        is_there = locator.evaluate_all("them => them.includes(document.activeElement)")
        for _ in range(MOST_TABS):
            if is_there:
                return
            self.page.keyboard.press("Tab")
            is_there, unseen = locator.evaluate_all(WHERE_THE_FOCUS_IS)
            assert not unseen, f"{self.path()}: nothing shows that {unseen} has the focus"
        raise AssertionError(f"{self.path()}: {MOST_TABS} times Tab do not lead to {locator}")

    def find(self, target: str | Locator) -> Locator:
        """The one element meant."""
        return self.page.locator(target) if isinstance(target, str) else target

    # ── seeing ────────────────────────────────────────────────────────────────────────────────────
    def says(self, *words: str) -> None:
        """The page shows these words."""
        from playwright.sync_api import expect

        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def says_in_french(self, *words: str) -> None:
        """Words that the requirements fix; another language has its own."""
        if self.means.language == "fr":
            self.says(*words)

    def look(self, name: str) -> None:
        """Judge the page as it stands: accessible, nothing beside it at this width and at 320 px; and keep it."""
        page = self.page
        self.seen.append(name)
        found = self._accessibility()
        self._picture(f"{len(self.seen):02}-{name}-{self.means.width}")
        text = page.inner_text("body")
        assert "{{" not in text and "{%" not in text, f"{self.path()}: raw template"
        wide = {self.means.width: self._overflow()}
        page.set_viewport_size({"width": NARROW, "height": self.means.height})
        wide[NARROW] = self._overflow()
        page.set_viewport_size({"width": self.means.width, "height": self.means.height})
        assert not found, f"{self.path()} ({name}, {self.means.name}): {found}"
        assert not any(wide.values()), f"{self.path()} ({name}): wider than the window, by window width: {wide}"
        self.is_fine()

    def judge(self, name: str) -> list[str]:
        """The faults of a page that stays as it is: light and dark, wide and on a phone, and 320 px wide.

        Keeps a picture of each shape: of a page that differs from one seen before in its words alone there is one already.
        """
        page, faults = self.page, []
        number, name = len(self.seen) + 1, re.sub(r"\W+", "-", name).strip("-")[:60] or "accueil"
        self.seen.append(name)
        page.evaluate(CALM)
        for means, themes in ((self.means, ("light", "dark")), (PHONE, ("dark",))):  # one load serves all, one change at a time
            page.set_viewport_size({"width": means.width, "height": means.height})
            for theme in themes:
                page.emulate_media(color_scheme=theme)
                rules = RULES if theme == themes[0] else CONTRAST
                seen = shape(page, rules)
                if theme == themes[0]:
                    if not is_known(seen):
                        self._picture(f"{number:02}-{name}-{means.width}")
                    faults += [f"({means.width}) sideways: {fault}" for fault in self._overflow()]
                faults += [f"({means.width}, {theme}) {fault}" for fault in axe(page, rules, seen)]
        page.set_viewport_size({"width": NARROW, "height": PHONE.height})
        faults += [f"({NARROW}) sideways: {fault}" for fault in self._overflow()]
        page.emulate_media(color_scheme=self.means.theme)
        page.set_viewport_size({"width": self.means.width, "height": self.means.height})
        text = page.inner_text("body")
        faults += [f"raw template: {raw}" for raw in ("{{", "{%") if raw in text]
        return faults

    def glance(self, name: str) -> list[str]:
        """The faults of a page in one mode alone: accessible, one title, nothing beside it at this width and at 320 px."""
        page, faults = self.page, []
        number, name = len(self.seen) + 1, re.sub(r"\W+", "-", name).strip("-")[:60] or "accueil"
        self.seen.append(name)
        page.evaluate(CALM)
        self._picture(f"{number:02}-{name}-{self.means.width}")
        faults += [str(fault) for fault in self._accessibility()]
        for width in (self.means.width, NARROW):
            page.set_viewport_size({"width": width, "height": self.means.height})
            faults += [f"({width}) sideways: {fault}" for fault in self._overflow()]
        page.set_viewport_size({"width": self.means.width, "height": self.means.height})
        if (titles := page.locator("h1").count()) != 1:
            faults.append(f"{titles} titles of the first level")
        text = page.inner_text("body")
        return faults + [f"raw template: {raw}" for raw in ("{{", "{%") if raw in text]

    def _picture(self, name: str) -> None:
        """Keep what is to be seen for somebody to look at: from top to bottom, or the top of a page too tall for one picture."""
        from playwright.sync_api import Error

        how: dict[str, Any] = {"path": self.folder / f"{name}.jpg", "type": "jpeg", "quality": 70, "animations": "disabled"}
        try:
            self.page.screenshot(**how, full_page=True)
        except Error as failed:
            if "Unable to capture" not in str(failed):
                raise
            self.page.screenshot(**how)

    def _accessibility(self) -> Faults:
        """What axe-core finds. It runs outside the policy of the page; where scripts are off, they are on while it reads."""
        if self.means.scripts:
            return axe(self.page)
        seen = shape(self.page, RULES)
        if is_known(seen):
            return []
        if self.reader is None:  # scripts of the page stay as they are: they were not run when it came
            self.reader = self.context.new_cdp_session(self.page)
            self.reader.send("Emulation.setScriptExecutionDisabled", {"value": True})
        self.reader.send("Emulation.setScriptExecutionDisabled", {"value": False})
        try:
            return remember(seen, read(self.page))
        finally:
            self.reader.send("Emulation.setScriptExecutionDisabled", {"value": True})

    def _overflow(self) -> list[str]:
        return list(self.page.evaluate(BESIDE))

    def is_fine(self) -> None:
        """Nothing went wrong since the beginning."""
        assert not self.troubles, "\n".join(self.troubles)

    # ── what goes wrong behind the page ───────────────────────────────────────────────────────────
    def listen(self) -> None:
        """Hear of every error from now on."""
        self.context.on("console", self._console)
        self.context.on("response", self._response)
        self.context.on("requestfailed", self._failed)
        self.context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))

    def _console(self, message: ConsoleMessage) -> None:
        # an answer of 404 or 422 is judged as an answer, not by what the console says of it
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.troubles.append(f"console, {self.path()}: {message.text}")

    def _response(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.troubles.append(f"{response.status}: {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left before it came, as everybody does
            self.troubles.append(f"{request.failure}: {request.url}")


FOCUS_IS_HIDDEN = """async () => {
  const e = document.activeElement;
  if (!e || e === document.body) return "";
  if (e.type === "date" && !e.matches(":focus")) return ""; // on the calendar inside the field, which the browser rings itself
  const shows = (node) => {
    const style = getComputedStyle(node);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const inside = () => {
    const box = e.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  const near = [e, e.closest("label"), e.nextElementSibling, e.parentElement].filter(Boolean);
  for (let frame = 0; frame < 60; frame++) {
    if (inside() && near.some(shows)) return "";
    await Promise.race([new Promise(requestAnimationFrame), new Promise((done) => setTimeout(done, 200))]); // what slides in
  }
  return e.outerHTML.slice(0, 160) + (inside() ? "" : " (out of sight)");
}"""
WHERE_THE_FOCUS_IS = f"async (them) => [them.includes(document.activeElement), await ({FOCUS_IS_HIDDEN})()]"
BESIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const beyond = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 0.5);
  return [String(document.documentElement.scrollWidth), ...beyond.slice(0, 5).map((e) => e.outerHTML.slice(0, 90))];
}"""


@pytest.fixture
def arrive(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Make visitors; at the end of the test nothing may have gone wrong for any of them."""
    visitors: list[Visitor] = []

    def make(site: str, means: Means = DESKTOP, who: str = "") -> Visitor:
        context = browser.new_context(
            viewport={"width": means.width, "height": means.height},
            java_script_enabled=means.scripts,
            locale="en-GB" if means.language == "en" else "fr-FR",
            timezone_id="Europe/Paris",
            color_scheme=means.theme,
            is_mobile=means.width < 600,
            has_touch=means.width < 600,
            reduced_motion="reduce",
        )
        name = re.sub(r"\W+", "-", request.node.originalname.removeprefix("test_"))
        folder = PICTURES / request.node.path.stem.removeprefix("test_") / "-".join(filter(None, (name, means.name, who)))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        context.set_default_timeout(20_000)
        visitor = Visitor(context, context.new_page(), site, means, folder)
        visitor.listen()
        visitors.append(visitor)
        return visitor

    yield make
    for visitor in visitors:
        visitor.context.close()
    for visitor in visitors:
        visitor.is_fine()


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium, deselect what needs it and say so, once; REQUIRE_BROWSER=1 lets it fail instead."""
    if chromium() or os.environ.get("REQUIRE_BROWSER") == "1":
        return
    out = [item for item in items if item.get_closest_marker("browser")]
    if not out:
        return
    items[:] = [item for item in items if item not in out]
    config.hook.pytest_deselected(items=out)
    worker = getattr(config, "workerinput", {}).get("workerid", "gw0")
    if worker == "gw0":  # several processes, one line
        with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            os.write(2, f"{NO_BROWSER}\n".encode())
