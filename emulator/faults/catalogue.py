"""All faults there are, by name, and how one is made of what a user wrote."""

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from emulator.errors import UserError
from emulator.faults.fault import Fault
from emulator.faults.kinds.activation_late import ActivationLate
from emulator.faults.kinds.activation_refused import ActivationRefused
from emulator.faults.kinds.brown_out import BrownOut
from emulator.faults.kinds.bytes_doubled import BytesDoubled
from emulator.faults.kinds.bytes_garbled import BytesGarbled
from emulator.faults.kinds.bytes_lost import BytesLost
from emulator.faults.kinds.connection_closed import ConnectionClosed
from emulator.faults.kinds.connection_refused import ConnectionRefused
from emulator.faults.kinds.connection_reset import ConnectionReset
from emulator.faults.kinds.connection_unanswered import ConnectionUnanswered
from emulator.faults.kinds.context_dropped import ContextDropped
from emulator.faults.kinds.handshake_cut import HandshakeCut
from emulator.faults.kinds.handshake_stalled import HandshakeStalled
from emulator.faults.kinds.name_unknown import NameUnresolved
from emulator.faults.kinds.peer_silent import PeerSilent
from emulator.faults.kinds.port_vanished import PortVanished
from emulator.faults.kinds.reboot import Reboot
from emulator.faults.kinds.record_corrupted import RecordCorrupted
from emulator.faults.kinds.registration_denied import RegistrationDenied
from emulator.faults.kinds.registration_lost import RegistrationLost
from emulator.faults.kinds.registration_regained import RegistrationRegained
from emulator.faults.kinds.signal import Signal
from emulator.faults.kinds.sim_locked import SimLocked
from emulator.faults.kinds.sim_missing import SimMissing
from emulator.faults.kinds.slow_network import SlowNetwork
from emulator.faults.kinds.slow_processor import SlowProcessor
from emulator.faults.kinds.unsolicited_line import UnsolicitedLine
from emulator.faults.quantities import Quantity, decode_quantity

_KINDS: tuple[type[Fault], ...] = (
    RegistrationLost,
    RegistrationDenied,
    RegistrationRegained,
    Signal,
    SimMissing,
    SimLocked,
    ActivationRefused,
    ActivationLate,
    ContextDropped,
    NameUnresolved,
    ConnectionRefused,
    ConnectionUnanswered,
    ConnectionReset,
    ConnectionClosed,
    PeerSilent,
    SlowNetwork,
    HandshakeStalled,
    HandshakeCut,
    RecordCorrupted,
    SlowProcessor,
    Reboot,
    BrownOut,
    PortVanished,
    BytesLost,
    BytesDoubled,
    BytesGarbled,
    UnsolicitedLine,
)

FAULTS: Mapping[str, type[Fault]] = {str(kind.__struct_config__.tag): kind for kind in _KINDS}
"""By name, in the order of the manual."""


def make(name: str, parameters: Mapping[str, Any]) -> Fault:
    """Make the fault called `name`.

    Raises:
        UserError: there is no such fault or parameter, or a value is not allowed.
    """
    from emulator.firmware import keys

    if name not in FAULTS:
        raise UserError(f"there is no fault {name!r}{keys.nearest(name, FAULTS) or '; ' + keys.one_of(FAULTS)}")
    kind = FAULTS[name]
    known = keys.kinds(kind)
    for key in parameters:
        if key not in known:
            raise UserError(f"{name}: unknown key {key!r}{keys.nearest(key, known) or '; ' + keys.one_of(known)}")
    for field in msgspec.structs.fields(kind):
        if field.required and field.name not in parameters:
            raise UserError(f"{name}: {field.name} is missing; give {_allowed(known[field.name])}")
    for key, value in parameters.items():
        _check(name, key, value, known[key])
    try:
        return msgspec.convert({"fault": name, **parameters}, kind, dec_hook=decode_quantity)
    except msgspec.ValidationError as error:  # two keys do not go together
        raise UserError(f"{name}: {error}") from error


def _check(name: str, key: str, value: Any, kind: Any) -> None:
    try:
        msgspec.convert(value, kind, dec_hook=decode_quantity)
    except msgspec.ValidationError as error:
        why = str(error) if _quantity(kind) else f"{value!r} is not allowed; give {_allowed(kind)}"
        raise UserError(f"{name}: {key}: {why}") from error


def _allowed(kind: Any) -> str:
    """What a value of this kind may be, in words."""
    from emulator.firmware import keys

    if _is_number_or_name(kind):
        return "a whole number or a name"
    quantity = _quantity(kind)
    return quantity.form() if quantity is not None else keys.allowed(kind)


def _quantity(kind: Any) -> type[Quantity] | None:
    return next((member for member in (kind, *get_args(kind)) if _is_quantity(member)), None)


def _is_quantity(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Quantity)


def _is_number_or_name(kind: Any) -> bool:
    return {int, str} <= set(get_args(kind))
