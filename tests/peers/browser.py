"""Drives Chromium: one for all tests of a process, skipped by name where it is not installed."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from xml.etree.ElementTree import Element

import html5lib
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.cli.programs import TIMEOUT

Scheme = Literal["light", "dark"]

WIDTHS = (400, 1600)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)
_HEIGHT = 900
_READABLE = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8")


class Browser:
    """One window, whose width and scheme of colours can be chosen."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self._driver = driver

    def open(self, address: str) -> None:
        self._driver.get("about:blank")  # an address that differs in its fragment alone would load nothing
        self.log()  # what the page before has complained of
        self._driver.get(address)

    def show(self, width: int, scheme: Scheme, height: int = _HEIGHT, scale: float = 1) -> None:
        """Choose the size of the window, in pixels, and the scheme that the page is asked for."""
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def run(self, script: str, *arguments: Any) -> Any:
        return self._driver.execute_script(script, *arguments)

    def find(self, selector: str) -> WebElement:
        return self._driver.find_element("css selector", selector)

    def until(self, expression: str, *arguments: Any) -> Any:
        """Wait until an expression of JavaScript is true; return its value."""
        return self._wait(lambda: self.run(f"return {expression}", *arguments), expression)

    def until_shown(self, words: str, within: str = "body") -> None:
        """Wait until there are these words, as a reader sees them."""
        selected = "document.querySelector(arguments[0])?.innerText.includes(arguments[1])"
        self.until(selected, within, words)

    def press(self, *keys: str) -> None:
        """Press keys in whatever has the focus."""
        self._driver.switch_to.active_element.send_keys(*keys)

    def tab_to(self, selector: str, most: int = 200) -> None:
        """Press the tabulator until the focus is there, as one without a mouse has to."""
        for _ in range(most):
            if self.run("return document.activeElement.matches(arguments[0])", selector):
                return
            self.press(Keys.TAB)
        pytest.fail(f"the tabulator does not lead to {selector}")

    def complaints(self) -> list[str]:
        """What is hard to read, narrow and wide, light and dark."""
        found = []
        for width in WIDTHS:
            for scheme in SCHEMES:
                self.show(width, scheme)
                found += [f"{width}, {scheme}: {each}" for each in self.run(_READABLE)]
        return found

    def complaints_of_all(self) -> list[str]:
        """What is hard to read with all that can be folded up open, and what the page itself has complained of.

        Contrast of each text is to be at least 4.5, and there is to be nothing to scroll sideways for.
        """
        self.run("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        return [*self.complaints(), *self.log()]

    def screenshot(self) -> bytes:
        return self._driver.get_screenshot_as_png()

    def dom(self) -> Element:
        """The page as it stands, after its scripts have run."""
        element: Element = html5lib.parse(self._driver.page_source, namespaceHTMLElements=False)
        return element

    def log(self) -> list[str]:
        """What the page has complained of since this was asked last."""
        entries: list[dict[str, Any]] = self._driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [str(entry["message"]) for entry in entries]

    def _wait(self, condition: Callable[[], Any], wanted: str) -> Any:
        return WebDriverWait(self._driver, TIMEOUT, 0.05).until(lambda _: condition(), f"{wanted} stays false")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start it.

    Raises:
        LookupError: it, or its driver, is not installed.
    """
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        raise LookupError("chromium and chromedriver are not installed")
    options = Options()
    options.binary_location = program
    for option in _OPTIONS:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    running = webdriver.Chrome(options, Service(driver))
    try:
        yield Browser(running)
    finally:
        running.quit()
