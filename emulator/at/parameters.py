"""Kinds of command parameters: what a value may be, how it is read, and what `=?` says about it.

A handler's signature declares them: `mode: Annotated[int, Number(modes)] = FROM_PROFILE`. Limits that differ from
device to device are a function of the profile.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from msgspec.structs import replace

from emulator.at import allowed
from emulator.at.hidden import Hidden
from emulator.at.limits import Numeric
from emulator.at.profile import Profile
from emulator.at.syntax import Argument
from emulator.errors import Cause

Value = TypeVar("Value")

FROM_PROFILE: Any = object()
"""As a default in a handler's signature: the parameter may be left out, and the default of its limits is taken."""


_SIGNED = re.compile(r"[+-]?[0-9]{1,9}")


class OutOfRange(ValueError):
    """The argument is not among the values allowed, or of the wrong kind."""

    def __init__(self, hint: str = "", cause: Cause = Cause.OPERATION_NOT_SUPPORTED) -> None:
        """Give a hint beside the values allowed, without a word of the value; `cause` is that of the refusal."""
        super().__init__(hint)
        self.cause = cause


class Unfit(ValueError):
    """The limits do not fit a parameter of this kind."""


class Kind(ABC, Generic[Value, Profile]):
    """The kind of a parameter, before the device is known."""

    secret = False
    """Whether the value is a PIN or a password; no trace shows it."""
    encoded = False
    """Whether the host writes it in the character set that +CSCS has chosen; it is decoded before it is read."""

    def hides(self, text: str) -> bool:
        """Return whether no trace shows this argument."""
        return self.secret or bool(self.hidden_in(text))

    def hidden_in(self, text: str) -> Sequence[Hidden]:
        """Return the secrets inside this argument, in order."""
        return ()

    @abstractmethod
    def bind(self, profile: Profile) -> "Reader[Value] | None":
        """Bind the parameter to a profile; None where the device has no such parameter."""

    def within(self, limits: Numeric, declared: "Reader[Value] | None") -> "Reader[Value]":
        """Bind the parameter with other limits than the `declared` ones.

        Raises:
            Unfit: it is no number, or its default is outside.
        """
        raise Unfit("it is no number and has no limits; give true or false")


class Reader(msgspec.Struct, Generic[Value], frozen=True):
    """A kind bound to a profile."""

    read: Callable[[Argument], Value]
    """Turns an argument into a value, raising OutOfRange."""
    described: str
    """Its part of the `=?` answer."""
    default: Value | None = None
    allowed: Callable[[], str] = lambda: ""
    """Its values in words, asked for when one is refused."""


class Number(Kind[int, Profile]):
    """A decimal number within limits: a fixed `Numeric`, or one that the profile gives."""

    def __init__(self, limits: Numeric | Callable[[Profile], Numeric | None]) -> None:
        self._limits = limits

    @property
    def is_fixed(self) -> bool:
        """Whether the limits are the same on every device."""
        return not callable(self._limits)

    def limits(self, profile: Profile) -> Numeric | None:
        """Return the limits on a device; None where it has no such parameter."""
        return self._limits(profile) if callable(self._limits) else self._limits

    def bind(self, profile: Profile) -> Reader[int] | None:
        limits = self.limits(profile)
        return None if limits is None else _number(limits, limits.default)

    def within(self, limits: Numeric, declared: Reader[int] | None) -> Reader[int]:
        default = limits.default
        if default is None and declared is not None and declared.default is not None:
            default = declared.default
            if not limits.allows(default):
                raise Unfit(f"its default {default} is outside the values given; give a `default`")
        return _number(limits, default)


class Signed(Kind[int, Profile]):
    """A decimal number with or without a sign, from the lowest to the highest that the profile gives."""

    def __init__(self, limits: Callable[[Profile], tuple[int, int]]) -> None:
        self._limits = limits

    def bind(self, profile: Profile) -> Reader[int]:
        low, high = self._limits(profile)

        def read(argument: Argument) -> int:
            if argument.quoted or not _SIGNED.fullmatch(argument.text) or not low <= int(argument.text) <= high:
                raise OutOfRange(_UNQUOTED if argument.quoted else "")
            return int(argument.text)

        return Reader(read, f"({low}-{high})", allowed=lambda: allowed.ranges((low, high)))


class NumberOrZero(Number[Profile]):
    """A number within limits, or 0, which means something of its own."""

    def bind(self, profile: Profile) -> Reader[int] | None:
        bound = super().bind(profile)
        return None if bound is None else _or_zero(bound)

    def within(self, limits: Numeric, declared: Reader[int] | None) -> Reader[int]:
        return _or_zero(super().within(limits, declared))


def _or_zero(bound: Reader[int]) -> Reader[int]:
    def read(argument: Argument) -> int:
        is_zero = argument.text != "" and not argument.text.strip("0") and not argument.quoted
        return 0 if is_zero else bound.read(argument)

    return replace(bound, read=read, described=f"(0,{bound.described[1:]}", allowed=lambda: f"0, or {bound.allowed()}")


@lru_cache(maxsize=1024)  # most numbers of a device, and of the next one, have the same few limits
def _number(limits: Numeric, default: int | None) -> Reader[int]:
    return Reader(
        lambda argument: read_number(argument, limits), describe(limits), default, lambda: allowed.numbers(limits)
    )


_LONGEST = 255
"""Characters of a string for which a declaration gives no length."""


class Text(Kind[str, Profile]):
    """A string, quoted or bare, of at most `longest` characters; `pattern` must match it whole."""

    too_long = Cause.OPERATION_NOT_SUPPORTED
    malformed = Cause.OPERATION_NOT_SUPPORTED

    def __init__(
        self,
        longest: int | Callable[[Profile], int] = _LONGEST,
        *,
        pattern: str = "",
        form: str = "",
        secret: bool = False,
        shows_length: bool = False,
    ) -> None:
        """`form` is the pattern in words; `shows_length`: `=?` shows how long it may be."""
        if bool(pattern) is not bool(form):
            raise TypeError("a `pattern` and its `form` in words go together")
        self._longest = longest
        self._form = form
        self._pattern = re.compile(pattern) if pattern else None
        self._shows_length = shows_length
        self.secret = secret

    def bind(self, profile: Profile) -> Reader[str]:
        longest = self._longest(profile) if callable(self._longest) else self._longest

        def read(argument: Argument) -> str:
            if len(argument.text) > longest:
                raise OutOfRange("" if self.secret else f"it has {len(argument.text)}", self.too_long)
            if self._pattern and not self._pattern.fullmatch(argument.text):
                raise OutOfRange(cause=self.malformed)
            return argument.text

        shown = str(longest) if self._shows_length else ""
        return Reader(read, shown, allowed=lambda: allowed.text(self._form, longest, _LONGEST))


class EncodedText(Text[Profile]):
    """A text in the character set that +CSCS has chosen (27.007 5.5); `longest` counts its characters, once decoded."""

    encoded = True
    too_long = Cause.TEXT_TOO_LONG
    malformed = Cause.TEXT_MALFORMED


class DialString(Text[Profile]):
    """A telephone number, whose faults have causes of their own (27.007 9.2.1); no character set applies to it."""

    too_long = Cause.DIAL_STRING_TOO_LONG
    malformed = Cause.DIAL_STRING_MALFORMED


class Word(Kind[str, Profile]):
    """One of the words that the profile lists, in any case; the value has the profile's spelling."""

    def __init__(self, words: Callable[[Profile], tuple[str, ...]]) -> None:
        self._words = words

    def bind(self, profile: Profile) -> Reader[str]:
        words = {word.upper(): word for word in self._words(profile)}

        def read(argument: Argument) -> str:
            try:
                return words[argument.text.upper()]
            except KeyError:
                raise OutOfRange from None

        listed = [f'"{word}"' for word in words.values()]
        return Reader(read, f"({','.join(listed)})", allowed=lambda: allowed.one_of(listed))


class Ranges(Kind[int, Any]):
    """A decimal number in one of several ranges: `(0-18,31)`."""

    def __init__(self, *ranges: tuple[int, int]) -> None:
        numbers = (number for low, high in ranges for number in range(low, high + 1))
        self._limits = Numeric(choices=tuple(numbers))
        self._described = ",".join(describe(Numeric(range=one)).strip("()") for one in ranges)
        self._ranges = ranges

    def bind(self, profile: Any) -> Reader[int]:
        return Reader(
            lambda argument: read_number(argument, self._limits),
            f"({self._described})",
            allowed=lambda: allowed.ranges(*self._ranges),
        )


class Repeated(Kind[Value, Profile]):
    """Several parameters of one kind: the handler gets a list of their values, None for each that was left out.

    In a signature: `numbers: Annotated[Sequence[int | None], Repeated(Number(limits), 5)] = ()`.
    """

    def __init__(self, kind: Kind[Value, Profile], most: int, least: int = 0) -> None:
        """`most` is their number; the host may leave out all but the `least` first ones."""
        self.most = most
        self.least = least
        self.single = kind
        """The kind of each of them."""
        self.secret = kind.secret

    def hides(self, text: str) -> bool:
        return self.single.hides(text)

    def bind(self, profile: Profile) -> Reader[Value] | None:
        return self.single.bind(profile)

    def within(self, limits: Numeric, declared: Reader[Value] | None) -> Reader[Value]:
        if limits.default is not None:
            raise Unfit("it is repeated and has no default")
        return self.single.within(limits, declared)


class IPv4Address(Kind[str, Any]):
    """Four numbers up to 255 with dots between, quoted or bare; leading zeros are dropped."""

    def bind(self, profile: Any) -> Reader[str]:
        return Reader(_read_ipv4, "", allowed=lambda: _IPV4)


class IPv4AddressOrNone(Kind[str, Any]):
    """The same, or nothing between quotes."""

    def bind(self, profile: Any) -> Reader[str]:
        return Reader(
            lambda argument: _read_ipv4(argument) if argument.text else "", "", allowed=lambda: f'{_IPV4}, or ""'
        )


def _read_ipv4(argument: Argument) -> str:
    octets = argument.text.split(".")
    if len(octets) != 4 or not all(_OCTET.fullmatch(octet) and int(octet) <= 255 for octet in octets):
        raise OutOfRange
    return ".".join(str(int(octet)) for octet in octets)


_OCTET = re.compile("[0-9]{1,3}")
_IPV4 = "an IPv4 address, as 192.0.2.1"
_UNQUOTED = "a number stands without quotes"


def read_number(argument: Argument, limits: Numeric) -> int:
    """Read the number of an argument; digits only, not quoted.

    Raises:
        OutOfRange: it is no number, or outside the limits.
    """
    text = argument.text
    if argument.quoted or not (text.isascii() and text.isdigit()) or len(text) > 10 or not limits.allows(int(text)):
        raise OutOfRange(_UNQUOTED if argument.quoted else "")
    return int(text)


def describe(limits: Numeric) -> str:
    """Describe limits as `=?` does: `(0-3)`, `(0,1)`, `(1)`, `(0,4-7,12)`, `(0,50-1150)`."""
    if limits.choices is not None:
        listed = (f"{low}-{high}" if low < high else str(low) for low, high in allowed.spans(limits.choices))
        return f"({','.join(listed)})"
    assert limits.range is not None
    low, high = limits.range
    zero = "0," if limits.zero else ""
    return f"({zero}{low})" if low == high else f"({zero}{low}-{high})"


def fixed(*choices: int, default: int | None = None) -> Number[Any]:
    """Make a number with the same few values on every device."""
    return Number(Numeric(choices=choices, default=default))


def between(low: int, high: int, default: int | None = None) -> Number[Any]:
    """Make a number with the same range on every device."""
    return Number(Numeric(range=(low, high), default=default))
