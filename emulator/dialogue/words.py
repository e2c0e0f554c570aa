"""Parses one line of a dialogue: its first word, and the rest."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from emulator.dialogue.steps import (
    CallEnds,
    Connect,
    Escape,
    Fetched,
    Lines,
    MailTaken,
    PeerCloses,
    PeerHears,
    PeerSends,
    Ring,
    Said,
    Send,
    ServerHas,
    Step,
    Wait,
)
from emulator.dialogue.texts import PROMPTS, Text, has_shapes, parse_text, read_file

WORDS = (
    *(
        ">",
        ">=",
        ">>",
        ">x",
        ">file",
        ">*",
        "<",
        "<+",
        "<?",
        "<*",
        "<|",
        "<<",
        "<x",
        "<file",
        "<prompt",
        "within",
        "wait",
    ),
    *("escape", "connect", "peer>", "peer<", "peer closes", "file", "mail", "fetched", "call", "call ends"),
)
"""What a line may begin with."""

_LONGEST = 86400.0
"""Seconds: a day."""


@dataclass(frozen=True, kw_only=True)
class Ask(Step):
    """A command that is repeated until the answer that follows it comes."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class Echoed(Step):
    """A command that the module echoes before it answers."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class OtherForm(Step):
    """An alternative to the module's line before it."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class Within(Step):
    """The timeout of the answer that follows."""

    seconds: float


def parse_line(line: str, number: int, folder: Path) -> Step:
    """Parse a line into a step, or a part of one.

    Raises:
        ValueError: it is none, and why.
    """
    word, _, rest = line.partition(" ")
    at = Lines(number, number)
    if word in (">", ">=", ">>", ">x", ">file", ">*"):
        return _of_the_host(word, rest, folder, at)
    if word.startswith("<"):
        return _of_the_module(word, rest, folder, at)
    match word:
        case "within":
            return Within(seconds=_seconds(word, rest), at=at)
        case "wait":
            return Wait(seconds=_seconds(word, rest), at=at)
        case "escape" if not rest:
            return Escape(at=at)
    return _of_the_peer(word, rest, folder, at)


def _of_the_host(word: str, rest: str, folder: Path, at: Lines) -> Step:
    match word:
        case ">":
            return Send(text=(*_exact(rest, folder), b"\r"), at=at)
        case ">=":
            return Echoed(text=(*_exact(rest, folder), b"\r"), at=at)
        case ">*":
            return Ask(text=(*_exact(rest, folder), b"\r"), at=at)
        case ">x":
            return Send(text=(_hexadecimal(rest),), at=at)
        case ">file":
            return Send(text=(read_file(rest, folder),), at=at)
    return Send(text=_exact(rest, folder), at=at)


def _of_the_module(word: str, rest: str, folder: Path, at: Lines) -> Step:
    match word:
        case "<":
            return Said(forms=(framed(rest, folder),), at=at)
        case "<+":
            return Said(forms=((*parse_text(rest, folder), b"\r\n"),), at=at)
        case "<?":
            return Said(forms=(framed(rest, folder),), may_be_absent=True, at=at)
        case "<*":
            forms = framed(rest, folder), (*parse_text(rest, folder), b"\r\n")  # the second is that of `<+`
            return Said(forms=forms, may_be_absent=True, may_come_again=True, at=at)
        case "<|":
            return OtherForm(text=framed(rest, folder), at=at)
        case "<<":
            return Said(forms=(parse_text(rest, folder),), at=at)
        case "<x":
            return Said(forms=((_hexadecimal(rest),),), at=at)
        case "<file":
            return Said(forms=((read_file(rest, folder),),), at=at)
        case "<prompt" if rest in PROMPTS:
            return Said(forms=((PROMPTS[rest],),), at=at)
    raise _no_step(word, rest)


def _of_the_peer(word: str, rest: str, folder: Path, at: Lines) -> Step:
    match word, rest:
        case "connect", ("" | "resumed"):
            return Connect(resumed=rest == "resumed", at=at)
        case "peer>", _:
            return PeerSends(text=_exact(rest, folder), at=at)
        case "peer<", _:
            return PeerHears(text=_exact(rest, folder), at=at)
        case "peer", "closes":
            return PeerCloses(at=at)
        case "file", _:
            name, _, content = rest.partition(" ")
            return ServerHas(name=_file_name(name), text=_exact(content, folder), at=at)
        case "mail", _:
            return MailTaken(text=_exact(rest, folder), at=at)
        case "fetched", _:
            return Fetched(size=_size(rest), at=at)
        case "call", "ends":
            return CallEnds(at=at)
        case "call", _:
            return Ring(number=_telephone_number(rest), at=at)
    raise _no_step(word, rest)


def framed(text: str, folder: Path) -> Text:
    """Frame a line as a module sends it."""
    return (b"\r\n", *parse_text(text, folder), b"\r\n")


def _no_step(word: str, rest: str) -> ValueError:
    shown = f"{word} {rest}" if word in ("connect", "escape", "peer", "<prompt") and rest else word
    return ValueError(f"{shown!r} is no step; a line begins with one of {'  '.join(WORDS)}  and a space, or with #")


def _exact(source: str, folder: Path) -> Text:
    text = parse_text(source, folder)
    if has_shapes(text):
        raise ValueError(f"{source!r} has a shape in it; only what the module says can leave something open")
    return text


def _hexadecimal(digits: str) -> bytes:
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        data = b""
    if not data:
        raise ValueError(f"{digits!r}; give bytes as pairs of hexadecimal digits, as in 00 FF 1A")
    return data


def _seconds(word: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _LONGEST:
        raise ValueError(f"{word} {text!r}; give seconds, at most {_LONGEST:g}, as in {word} 1.5")
    return seconds


def _size(text: str) -> int | None:
    if text == "all":
        return None
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"fetched {text!r}; give a number of bytes, or all")
    return int(text)


def _file_name(name: str) -> str:
    if not name or "/" in name or name.startswith("."):
        raise ValueError(f"file {name!r}; give the name of a file in the server's folder, and what it holds")
    return name


def _telephone_number(text: str) -> str:
    if not re.fullmatch(r"(\+?[0-9*#]{1,20})?", text):
        raise ValueError(f"call {text!r}; give a telephone number, or none for one that is not shown, or `call ends`")
    return text
