"""Where an answer of a module ends: with a final result, CONNECT or a prompt."""

import re

_FINALS = (
    rb"OK|ERROR|\+CM[ES] ERROR:[^\r\n]*|CONNECT(?: [^\r\n]*)?|NO CARRIER(?:: ?[^\r\n]*)?|BUSY|NO ANSWER|NO DIALTONE"
    rb"|ABORTED"
)
FINAL = re.compile(rb"\r\n(" + _FINALS + rb")\r\n")
NUMERIC_FINAL = re.compile(rb"(?:\A|\r\n)(\d{1,2})\r\Z")
"""Under V0."""
PROMPT = re.compile(rb"\r\n(?:> ?|>>>)\Z")
CONNECTED = re.compile(rb"(?:[^\r\n]*\r)?\n?\r\nCONNECT(?: [^\r\n]*)?\r\n")
"""As an answer, maybe behind its echo: without information before it."""
NUMERIC_CONNECTED = re.compile(rb"(?:[^\r\n]*\r)?\n?1\r")
DATA_ENDED = re.compile(rb"\r\n(?:NO CARRIER|OK|ERROR)[^\r\n]*\r\n(?:\r\n[^\r\n]+\r\n)*\Z")
"""At the end of data: the connection has ended, or the host has left data mode."""
CONNECTION_ENDED = re.compile(rb"\r\nNO CARRIER[^\r\n]*\r\n(?:\r\n[^\r\n]+\r\n)*\Z")
