"""Try what a host can choose, <cipher_suite> and #SSLSECCFG2, until something works."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from emulator.doctor.dial import DialOutcome, DialSettings, End
from emulator.doctor.dials import Dials
from emulator.doctor.extended import Extended, names_server, other_choices
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.ssl import SecureSocket
from emulator.tls.client import FailureCause
from emulator.tls.wire.suites import CipherSuite

_DEPENDS_ON_SUITE = (FailureCause.NO_COMMON_SUITE, FailureCause.PEER_CLOSED, FailureCause.ALERT_RECEIVED)
"""Failures at the hello that another <cipher_suite> may mend."""
_DEPENDS_ON_HELLO = (*_DEPENDS_ON_SUITE, FailureCause.PROTOCOL_VERSION)
"""Failures at the hello that another version, or the server's name, may mend, too."""


@dataclass(frozen=True)
class Works:
    """What a host sets so that #SSLD succeeds."""

    numbers: tuple[int, ...] = ()
    """Each <cipher_suite> that works, the default first."""
    extended: Extended | None = None
    """The values of #SSLSECCFG2; None where the factory's do, or nothing does."""
    agreed: CipherSuite | None = None
    """The suite of the first of `numbers`."""

    def suites(self, profile: SecureSocket) -> tuple[str, ...]:
        """Return the suites that work, as OpenSSL calls them: those with a number, or the one that was agreed on."""
        numbered = profile.numbered_suites
        named = tuple(numbered[number].openssl_name for number in sorted(self.numbers) if number)
        return named or ((self.agreed.openssl_name,) if self.agreed is not None else ())


NOTHING = Works()


class Trials:
    """Dials of one firmware after the other with what its host can choose."""

    def __init__(self, dials: Dials) -> None:
        self._dials = dials

    def __repr__(self) -> str:
        return f"<Trials by {self._dials!r}>"

    async def with_chain(self, firmware: Firmware, profile: SecureSocket, settings: DialSettings) -> DialOutcome:
        """Return the first dial in which the server shows a chain; without one, that with these settings."""
        first = await self._dials.make(firmware, settings)
        if not first.chain and _depends(first, _DEPENDS_ON_HELLO):
            for extended in other_choices(profile):
                other = await self._dials.make(firmware, replace(settings, extended=extended))
                if other.chain:
                    return other
        return first

    async def working(
        self, firmware: Firmware, profile: SecureSocket, settings: DialSettings, outcome: DialOutcome
    ) -> Works:
        """Return what works: the least change of the factory's settings, with which `outcome` has come.

        The server's name or another version is tried before another <cipher_suite>.
        """
        if outcome.end is End.OPEN:
            return await self._numbers(firmware, profile, settings)
        if outcome.cause is FailureCause.UNTRUSTED:
            return await self._named(firmware, profile, settings)
        refused = [(settings, outcome)]
        for extended in other_choices(profile) if _depends(outcome, _DEPENDS_ON_HELLO) else ():
            other = replace(settings, extended=extended)
            found = await self._dials.make(firmware, other)
            if found.end is End.OPEN:
                return replace(await self._numbers(firmware, profile, other), extended=extended)
            refused.append((other, found))
        for other, found in refused:
            works = await self._numbers(firmware, profile, other) if _depends(found, _DEPENDS_ON_SUITE) else NOTHING
            if works.numbers:
                return works if other is settings else replace(works, extended=other.extended)
        return NOTHING

    async def _named(self, firmware: Firmware, profile: SecureSocket, settings: DialSettings) -> Works:
        """Return what works once the server is named: it may show another certificate then."""
        if settings.extended is None or not names_server(profile):
            return NOTHING
        extended = Extended(settings.extended.version, 1)
        works = await self._numbers(firmware, profile, replace(settings, extended=extended))
        return replace(works, extended=extended) if works.numbers else NOTHING

    async def _numbers(self, firmware: Firmware, profile: SecureSocket, settings: DialSettings) -> Works:
        """Return each <cipher_suite> that works with what else is set, the default first."""
        default, others = profile.cipher_default, (0, *profile.numbered_suites)
        numbers = (default, *(number for number in others if number != default))
        outcomes = await asyncio.gather(
            *(self._dials.make(firmware, replace(settings, number=number)) for number in numbers)
        )
        opened = [(number, one) for number, one in zip(numbers, outcomes, strict=True) if one.end is End.OPEN]
        return Works(tuple(number for number, _ in opened), agreed=opened[0][1].suite if opened else None)


def _depends(outcome: DialOutcome, causes: Sequence[FailureCause]) -> bool:
    return outcome.before_hello and outcome.cause in causes
