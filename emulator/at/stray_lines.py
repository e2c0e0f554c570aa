"""Finds command lines in what a host sends as data: it has not noticed that the module takes an entry, or is online."""

import re
from collections.abc import Iterator

_STRAY_LINE = rb"""(?ix)
    AT [+#$%*] [A-Z0-9]+ = [^=\r\n\x1a\x1b] [^\r\n\x1a\x1b]*  # base64 has nothing but "=" behind a "="
    | (?: \A | (?<=[\r\n\x1a\x1b]) ) AT (?: D | [^\r\n\x1a\x1b]* [+#$%*] [A-Z0-9]+ = [^=\r\n\x1a\x1b] ) [^\r\n\x1a\x1b]*
    """
"""A command with a value, also behind half an entry; at the begin of a line, others before it, and a call."""


_ATS = (b"AT", b"at", b"At", b"aT")


def stray_lines(data: bytes) -> Iterator[tuple[int, int]]:
    """Return where command lines begin and end in an entry, or in what goes over a connection."""
    if any(at in data for at in _ATS):  # far quicker, and the answer for nearly all data
        for match in re.finditer(_STRAY_LINE, data):
            yield match.span()
