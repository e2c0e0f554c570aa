"""Checks pages of HTML: strictly by the standard, that they need nothing else, and that everybody can read them."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib

from tests.peers.browser import Browser

_NAMED = ("input", "select", "textarea")
_LEADING = ("href", "src", "action", "srcset", "data", "poster", "formaction")


def parsed(page: str) -> Element:
    """Strictly: whatever is not as the standard has it is an error."""
    element: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return element


def text_of(element: Element) -> str:
    return "".join(element.itertext())


def defects(page: str) -> list[str]:
    """Tell what is wrong with a page that needs nothing else, in words; nothing where all is well."""
    root = parsed(page)
    return [*_leading_away(root, page), *lost_and_unlabelled(root)]


def lost_and_unlabelled(root: Element) -> list[str]:
    """Tell what those miss who read a page by ear or keyboard."""
    return [*_lost(root), *_unlabelled(root)]


def _leading_away(root: Element, page: str) -> Iterator[str]:
    """Yield what the page would fetch, and links to what it doesn't hold."""
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    yield from (f"two have the id {name}" for name in {name for name in ids if ids.count(name) > 1})
    for element in root.iter():
        for key in _LEADING:
            target = element.get(key)
            if target is not None and target.removeprefix("#") not in ids:
                yield f"{element.tag} leads to {target}"
    yield from (f"style has {found}" for found in re.findall(r"url\(|@import|expression\(", page))


def _lost(root: Element) -> Iterator[str]:
    """Yield where a reader by ear or keyboard loses the way: landmarks, headings, what scrolls."""
    for landmark in ("main", "title", "h1"):
        if 1 != len(list(root.iter(landmark))):
            yield f"there is not one {landmark}"
    if root.find("body/header") is None:
        yield "there is no header"
    if not root.get("lang"):
        yield "the language is not told"
    level = 0
    for element in root.iter():
        if re.fullmatch("h[1-6]", element.tag):
            if int(element.tag[1]) > level + 1:
                yield f"{element.tag} stands below h{level}: {text_of(element)}"
            level = int(element.tag[1])
        if (element.tag == "pre" or "wide" in (element.get("class") or "").split()) and element.get("tabindex") != "0":
            yield f"what scrolls cannot be reached by keyboard: {text_of(element)[:40]}"


def _unlabelled(root: Element) -> Iterator[str]:
    """Yield what has no name that could be read aloud."""
    labels = {label.get("for") for label in root.iter("label")}
    held = {id(inner) for label in root.iter("label") for inner in label.iter()}
    for element in root.iter():
        named = element.get("aria-label") or element.get("aria-labelledby")
        if element.tag in ("button", "a", "summary") and not (named or text_of(element).strip()):
            yield f"{element.tag} has no name"
        if element.tag in _NAMED and not (named or id(element) in held or element.get("id") in labels):
            yield f"{element.tag} {element.get('name')} has no label"
        if element.get("role") in ("group", "region", "img") and not named:
            yield f"{element.get('role')} has no name"
        if element.tag == "th" and not element.get("scope"):
            yield f"heading of a table without scope: {text_of(element)}"


def open_page(browser: Browser, page: str, folder: Path, fragment: str = "") -> None:
    """Show the page from a file, with a fragment in its address."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    browser.open(f"file://{file}#{fragment}")


def open_ids(page: Element) -> list[str | None]:
    """The ids of the details that are open."""
    return [each.get("id") for each in page.iter("details") if "open" in each.attrib]
