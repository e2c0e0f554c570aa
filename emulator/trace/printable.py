"""Shows text that may hold any character: a control character is named, as in `<CR>`, or shown by its number."""

_NAMES = {"\r": "<CR>", "\n": "<LF>"}


def printable(text: str) -> str:
    """Return the text in one line."""
    return "".join(character if character.isprintable() else _shown(character) for character in text)


def printable_lines(text: str) -> str:
    """Return the text with its lines and tabs as they are."""
    return "".join(each if each.isprintable() or each in "\n\t" else _shown(each) for each in text)


def _shown(character: str) -> str:
    return _NAMES.get(character) or f"<{ord(character):02X}>"
