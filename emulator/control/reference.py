"""The manual's tables of requests and states, made from their declarations; `scripts/make_docs` renews them."""

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from emulator.control.requests import REQUESTS, Parameter, parameters_of
from emulator.control.state import STATE

REQUESTS_TITLE = "## Every request\n"
STATES_TITLE = "## Every state\n"

_WORDS: Mapping[Any, str] = {str: "text", int: "number", float: "number", bool: "true or false", bytes: "base64"}


def renewed(page: str) -> str:
    """Return the page with the present tables at its end."""
    text = page.partition(REQUESTS_TITLE)[0]
    return f"{text}{REQUESTS_TITLE}\n{_REQUESTS}\n\n{request_table()}\n{STATES_TITLE}\n{_STATES}\n\n{state_table()}"


_REQUESTS = (
    "Made by `scripts/make_docs` from `emulator/control/requests.py`. A field in brackets may be left out. Where `ok`\n"
    "is `null`, it says only that the request was carried out."
)
_STATES = (
    "What `show` returns, and what `change` takes in `values`, as text or as a number. Names that have nothing in the\n"
    "second column are shown only."
)


def request_table() -> str:
    """Make the table of requests: fields, answer and meaning."""
    rows = ["| `do` | fields | `ok` | what it does |", "|---|---|---|---|"]
    for name, function in REQUESTS.items():
        fields = ", ".join(_field(field, parameter) for field, parameter in parameters_of(function).items())
        rows.append(f"| `{name}` | {fields} | {_answer(function)} | {_summary(function)} |")
    return "\n".join(rows) + "\n"


def state_table() -> str:
    """Make the table of states: what each is, and what it can be changed to."""
    rows = ["| name | may be changed to | what it is |", "|---|---|---|"]
    for name, key in STATE.items():
        allowed = "" if key.allowed is None else key.allowed.words
        rows.append(f"| `{name}` | {allowed} | {_escaped(key.meaning)} |")
    return "\n".join(rows) + "\n"


def _field(name: str, parameter: Parameter) -> str:
    text = f"`{name}`: {kind_in_words(parameter.kind)}"
    return text if parameter.is_required else f"[{text}]"


def _answer(function: Callable[..., Any]) -> str:
    kind = get_type_hints(function)["return"]
    return kind_in_words(kind) if kind in _WORDS or get_origin(kind) is not None else "`null`"


def kind_in_words(kind: Any) -> str:
    """Return which values of JSON a type stands for."""
    origin = get_origin(kind)
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in get_args(kind))
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(kind_in_words, get_args(kind))))
    if origin in (Mapping, dict):
        return "object"
    if origin in (Sequence, list):
        return f"list of {kind_in_words(get_args(kind)[0])}"
    return "null" if kind is types.NoneType else _WORDS[kind]


def _summary(function: Callable[..., Any]) -> str:
    return _escaped((inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " "))


def _escaped(text: str) -> str:
    return text.replace("<", r"\<").replace("|", r"\|")
