"""Faults of what the module depends on: registration, signal, SIM card, PDP contexts."""

from typing import Annotated

from msgspec import Meta

from emulator.device.network.coverage import Admission
from emulator.errors import Cause
from emulator.faults.conditions import Condition
from emulator.faults.fault import ActivationFault, OutsideFault
from emulator.faults.quantities import Duration
from emulator.faults.target import Target

_SEARCHING, _DENIED, _ROAMING = 2, 3, 5
"""<stat> of +CREG (27.007 7.2)."""


class RegistrationLost(OutsideFault, frozen=True, kw_only=True):
    """The network is gone, and with it attachment, contexts and connections; the module searches."""

    duration: Duration | None = None
    """After so long the network is there again; until another fault brings it back when left out."""

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.device.coverage.cover_registration(_SEARCHING))


class RegistrationDenied(OutsideFault, frozen=True, kw_only=True):
    """The network denies the registration, as it does to a SIM that is barred."""

    duration: Duration | None = None
    """After so long it takes the module in; until another fault brings it back when left out."""

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.device.coverage.cover_registration(_DENIED))


class RegistrationRegained(OutsideFault, frozen=True, kw_only=True):
    """The network takes the module in as its profile says, or as home or roaming."""

    roaming: bool = False
    """Whether it is another operator's network (<stat> 5)."""

    def apply(self, target: Target) -> Condition:
        registration = _ROAMING if self.roaming else target.device.profile.network.registration
        return Condition(target, None, target.device.coverage.cover_registration(registration))


class AttachmentRefused(OutsideFault, frozen=True, kw_only=True):
    """The network detaches the module from packet service and refuses it for now, as one that is congested does.

    A module that attaches by itself goes on trying: +CGREG shows 2. Contexts and connections go with the attachment.
    """

    cause: Cause = Cause.UNSPECIFIED_GPRS_ERROR
    """What +CGATT=1 says; the causes of 27.007 9.2.2.1 are those that a network has."""
    duration: Duration | None = None
    """After so long it takes the module again; when left out it does not."""

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.device.coverage.cover_attachment(self.cause))


class OperatorNamed(OutsideFault, frozen=True, kw_only=True):
    """The home operator has another name, as long as names are and with blanks in it: +COPS, #MONI, #SERVINFO show it.

    Networks send their names and change them (24.008 10.5.3.5a).
    """

    operator: Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[!#-~]([ !#-~]*[!#-~])?$")] = (
        "Chunghwa Telecom"
    )
    """The name; 27.007 7.3 has up to 16 characters for a long one."""
    duration: Duration | None = None
    """After so long it has the name from before; when left out it stays."""

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.device.coverage.cover_operator_name(self.operator))


class Signal(OutsideFault, frozen=True, kw_only=True):
    """What +CSQ shows."""

    rssi: Annotated[int, Meta(ge=0, le=99)]
    """<rssi>: 0 to 31, 99 unknown."""
    bit_errors: Annotated[int, Meta(ge=0, le=99)] | None = None
    """<ber>: 0 to 7, 99 unknown; as the profile says when left out."""
    duration: Duration | None = None
    """After so long it is as before; when left out it stays."""

    def apply(self, target: Target) -> Condition:
        usual = target.device.profile.network.bit_errors
        bit_errors = usual if self.bit_errors is None else self.bit_errors
        return Condition(target, self.duration, target.device.coverage.cover_signal(self.rssi, bit_errors))


class SimMissing(OutsideFault, frozen=True, kw_only=True):
    """The card loses its contacts; the registration goes with it."""

    duration: Duration | None = None
    """After so long it is there again, and asks for its PIN if it has one; when left out it stays away."""

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.device.sim.take_out_for_now())


class SimBusy(OutsideFault, frozen=True, kw_only=True):
    """The card answers nobody for a while, as after its start: `SIM busy` (27.007 9.2.1).

    A module that is registered stays so; one that starts meanwhile registers when the card answers.
    """

    duration: Duration = Duration(5)
    """After so long the card answers."""

    def obstacle(self, target: Target) -> str | None:
        return None if target.device.sim.present else "there is no card"

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.device.sim.be_busy_for_now())


class SimLocked(OutsideFault, frozen=True, kw_only=True):
    """The card is replaced by one that is locked; +CPIN unlocks it, and it is locked again at each start."""

    pin: Annotated[str, Meta(pattern=r"^\d{4,8}$")] = "1234"
    """4 to 8 digits."""
    blocked: bool = False
    """Whether the PIN was wrong too often already, so that the PUK is asked for; it stands in the profile."""
    duration: Duration | None = None
    """After so long the card from before is there again; when left out this one stays."""

    def apply(self, target: Target) -> Condition:
        end = target.device.sim.replace_for_now(self.pin, blocked=self.blocked)
        return Condition(target, self.duration, end)


class ContextDropped(OutsideFault, frozen=True, kw_only=True):
    """The context goes down, and the connections that use it break; it does not fire while the context is down."""

    cid: Annotated[int, Meta(ge=1, le=16)] = 1
    """Which context."""

    def obstacle(self, target: Target) -> str | None:
        return None if target.device.contexts.is_active(self.cid) else f"context {self.cid} is not active"

    def apply(self, target: Target) -> None:
        target.device.contexts.drop(self.cid)


class ActivationRefused(ActivationFault, frozen=True, kw_only=True):
    """#SGACT and +CGACT fail; a data call ends after its CONNECT."""

    cause: Cause = Cause.REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED
    """What the module says; the causes of 27.007 9.2.2 are those that a network has."""

    def admission(self) -> Admission:
        return Admission(refusal=self.cause)


class ActivationLate(ActivationFault, frozen=True, kw_only=True):
    """#SGACT and +CGACT answer late; a data call waits for its address."""

    duration: Duration
    """How late."""

    def admission(self) -> Admission:
        return Admission(delay=self.duration)
