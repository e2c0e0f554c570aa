"""Probes of the SSL commands' forms: #SSLSECCFG, #SSLSECCFG2 and #SSLCFG."""

from collections.abc import Iterator, Mapping, Sequence

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath, merge, value_at
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.ssl import SecureSocket
from emulator.learning.answers.ranges import fields_of, limits_of, spans_of
from emulator.learning.answers.rows import alike, rows_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.states import states
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import Probe

_OF_THE_GUIDE = 6
"""Values of #SSLCFG that the guide has."""
_WITHOUT_FORMAT, _WITH_FORMAT = 3, 4
"""Values of #SSLSECCFG without and with <cert_format>."""


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes, where the base has SSL."""
    profile = inquiry.base.profile.secure_socket
    if profile is None:
        return
    yield from (SecurityForm(), SecurityWhileDisabled(), Configuration())
    if profile.extended_security is not None:
        yield ExtendedSecurity()


class SecurityForm(Probe):
    """Ask which values #SSLSECCFG has."""

    name = "#SSLSECCFG"
    asks = "AT#SSLSECCFG=? and AT#SSLSECCFG? while SSL is enabled"
    changes = "#SSLEN, where it is off"
    undone = "it is disabled again"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "secure_socket", "security_data", "choosable"
        if _listed(inquiry, _SUITES):
            yield _SUITES
        if _has_several_sockets(inquiry):
            yield "secure_socket", "cipher_default"
            yield "secure_socket", "authentication", "default"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with states(inquiry, "ssl_on") as is_on:
            form = inquiry.ask("AT#SSLSECCFG=?")
            shown = inquiry.ask("AT#SSLSECCFG?") if is_on else form
        fields = fields_of(form.value("#SSLSECCFG") or "")
        count = len(fields)
        if count in (_WITHOUT_FORMAT, _WITH_FORMAT):
            yield Claim(("secure_socket", "security_data", "choosable"), count == _WITH_FORMAT, [form])
            yield from _fewer(inquiry, _SUITES, fields[1], form)
        values = alike([row[1:3] for row in rows_of(shown, "#SSLSECCFG")])
        if values is not None and len(values) == len(_CHOICES):
            yield from (Claim(path, value, [shown]) for path, value in zip(_CHOICES, values, strict=True))


_CHOICES: tuple[KeyPath, ...] = (("secure_socket", "cipher_default"), ("secure_socket", "authentication", "default"))


class SecurityWhileDisabled(Probe):
    """Ask for the security settings while SSL is disabled."""

    name = "#SSLSECCFG while SSL is disabled"
    asks = "AT#SSLSECCFG? while SSL is disabled and while it is enabled"
    changes = "#SSLEN"
    undone = "it is set to what it was"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "secure_socket", "security_while_disabled"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with states(inquiry, "ssl_off") as is_off:
            if not is_off:
                return
            disabled = inquiry.ask("AT#SSLSECCFG?")
            with states(inquiry, "ssl_on") as is_on:
                enabled = inquiry.ask("AT#SSLSECCFG?")
        if is_on and enabled.is_ok and (disabled.is_ok or disabled.refusal is not None):
            yield Claim(("secure_socket", "security_while_disabled"), disabled.is_ok, [enabled, disabled])


class ExtendedSecurity(Probe):
    """Ask which values #SSLSECCFG2 shows."""

    name = "#SSLSECCFG2"
    asks = "AT#SSLSECCFG2? and AT#SSLSECCFG2=? while SSL is enabled"
    changes = "#SSLEN, where it is off"
    undone = "it is disabled again"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "secure_socket", "extended_security", "shown"
        if _listed(inquiry, _VERSIONS):
            yield _VERSIONS
        if _has_several_sockets(inquiry):
            yield "secure_socket", "extended_security", "version_default"
            yield "secure_socket", "extended_security", "server_name", "default"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with states(inquiry, "ssl_on") as is_on:
            exchange, form = inquiry.ask("AT#SSLSECCFG2?"), inquiry.ask("AT#SSLSECCFG2=?")
        rows = rows_of(exchange, "#SSLSECCFG2")
        if not is_on or not rows:
            return
        fields = fields_of(form.value("#SSLSECCFG2") or "")
        if len(fields) > 1:
            yield from _fewer(inquiry, _VERSIONS, fields[1], form)
        above: KeyPath = ("secure_socket", "extended_security")
        yield Claim((*above, "shown"), len(rows[0]) - 1, [exchange])
        values = alike([row[1:3] for row in rows])
        if values is not None:
            yield Claim((*above, "version_default"), values[0], [exchange])
            yield Claim((*above, "server_name", "default"), values[1], [exchange])


_MAY_BE_RESERVED = "(0)"
"""What a value shows that can only be 0: one that the module has, or one that it does not."""


class Configuration(Probe):
    """Ask how many values #SSLCFG has, what they may be, and what they are where no socket differs from the others."""

    name = "#SSLCFG"
    asks = "AT#SSLCFG? and AT#SSLCFG=? while SSL is enabled"
    changes = "#SSLEN, where it is off"
    undone = "it is disabled again"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        profile = inquiry.base.profile.secure_socket
        assert profile is not None, "the probe is made where the base has SSL"
        yield "secure_socket", "configuration_tail"
        added = [path for path, _ in _added(profile, profile.configuration_tail) if path]
        yield from ((*path, name) for path in added for name in ("range", "choices", "zero"))
        if _has_several_sockets(inquiry):
            yield from (("secure_socket", name, "default") for name in _VALUES)
            yield from ((*path, "default") for path in added)

    def seldom_tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        profile = inquiry.base.profile.secure_socket
        assert profile is not None, "the probe is made where the base has SSL"
        added = [path for path, _ in _added(profile, len(profile.configuration_values)) if path]
        return ((*path, name) for path in added for name in ("range", "choices", "zero", "default"))

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with states(inquiry, "ssl_on") as is_on:
            exchange, form = inquiry.ask("AT#SSLCFG?"), inquiry.ask("AT#SSLCFG=?")
        profile = inquiry.base.profile.secure_socket
        rows = rows_of(exchange, "#SSLCFG")
        if not is_on or not rows or profile is None:
            return
        tail = len(rows[0]) - _OF_THE_GUIDE
        if not 0 <= tail <= len(profile.configuration_values):
            return
        yield Claim(("secure_socket", "configuration_tail"), tail, [exchange])
        fields = fields_of(form.value("#SSLCFG") or "")
        paths = [*((("secure_socket", name), None) for name in _VALUES), *_added(profile, tail)]
        for place, (path, like) in enumerate(paths, 1):
            is_described = len(fields) == len(rows[0]) and fields[place] != _MAY_BE_RESERVED
            if path and like is not None and is_described:
                yield from _limits(path, like, fields[place], form)
            value = alike([row[place : place + 1] for row in rows])
            if path and value is not None:
                yield Claim((*path, "default"), value[0], [exchange])


_SUITES: KeyPath = ("secure_socket", "suites")
_VERSIONS: KeyPath = ("secure_socket", "extended_security", "versions")


def _listed(inquiry: Inquiry, path: KeyPath) -> Sequence[Mapping[str, object]]:
    """Return what the base has by numbers: suites, or versions."""
    value = value_at(merge(inquiry.base.layers), path)
    return value if isinstance(value, list) else []


def _fewer(inquiry: Inquiry, path: KeyPath, field: str, form: Exchange) -> Iterator[Claim]:
    """Claim the list of the base without the numbers that the module lacks; it has no others.

    What a number stands for shows only in a handshake: where all are there, nothing is claimed.
    """
    base, spans = _listed(inquiry, path), spans_of(field)
    taken = {number for low, high in spans or () for number in range(low, min(high, low + 9) + 1)}
    numbers = {one["number"] for one in base}
    if spans and taken & numbers < numbers and taken - numbers <= {0}:
        yield Claim(path, [one for one in base if one["number"] in taken], [form])


_VALUES = ("cids", "packet_size", "inactivity", "default_timeout", "transmission")


def _added(profile: SecureSocket, count: int) -> Sequence[tuple[KeyPath, Numeric]]:
    """Return the first of the values behind those of the guide: key and limits; no key where the value is reserved."""
    names = {id(getattr(profile, name)): name for name in profile.__struct_fields__}
    values = list(profile.configuration_values.values())[:count]
    return [(("secure_socket", names[id(limits)]) if id(limits) in names else (), limits) for limits in values]


def _limits(path: KeyPath, like: Numeric, field: str, form: Exchange) -> Iterator[Claim]:
    spans = spans_of(field)
    for name, value in (limits_of(spans, like) or {}).items() if spans else ():
        yield Claim((*path, name), value, [form])


def _has_several_sockets(inquiry: Inquiry) -> bool:
    """Return whether there are sockets enough to tell the factory's values: those that all of them have."""
    profile = inquiry.base.profile.secure_socket
    return profile is not None and len(profile.identifiers.values) > 2
