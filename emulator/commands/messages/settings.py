"""Settings of messages: +CMGF, +CSCS, +CPMS, +CSCA, +CSMP, +CNMI … 27.005 3.2 to 3.4."""

from collections.abc import Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Repeated, Text, Word, between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, no_values, setting, single_setting
from emulator.device.sim.card import SimState
from emulator.device.sms.address import LONGEST_NUMBER, Address
from emulator.device.sms.memory import MessageMemory
from emulator.device.sms.tpdu import shown, stamp_of
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.profile import Profile

Octet = Annotated[int, between(0, 255)]


def messages_ready(at: Context) -> None:
    """Refuse what needs the card while it is not unlocked (27.005 3.2.5)."""
    refusals = at.profile.sms.refusals
    causes = {
        SimState.ABSENT: refusals.sim_absent,
        SimState.BUSY: refusals.sim_busy,
        SimState.PIN: refusals.sim_pin,
        SimState.PUK: refusals.sim_puk,
    }
    if at.device.card_state is not SimState.READY:
        raise at.device.card_lack.refusal(causes[at.device.card_state])
    if not at.device.sim.records_ready:
        raise DeviceError(refusals.sim_busy, "short messages are still being read; #QSS: 3 tells when they have been")


message_format = single_setting(
    setting("+CMGF"), "Set the format of messages: PDUs in hexadecimal digits (0) or texts (1).", source="27.005 3.2.3"
)
header_details = single_setting(
    setting("+CSDH"), "Set whether text mode shows the details of the header (1).", source="27.005 3.3.3"
)
character_set = Command("+CSCS", source="27.007 5.5")


@character_set.set
def choose_character_set(at: Context, name: Annotated[str, Word(lambda profile: profile.sms.alphabets)]) -> None:
    """Set the character set of texts and numbers between host and device."""
    at.settings["+CSCS"] = at.profile.sms.alphabets.index(name)


@character_set.read
def show_character_set(at: Context) -> Information:
    """Show the choice."""
    return Information.of(f'+CSCS: "{at.profile.sms.alphabets[at.settings["+CSCS"]]}"')


message_service = Command("+CSMS", source="27.005 3.2.1")

_ALL_TYPES = "1,1,1"
"""<mt>, <mo> and <bm>: messages that come, that go, and that are broadcast."""


@message_service.set
def choose_service(at: Context, number: Annotated[int, Number(lambda profile: profile.sms.services)]) -> Information:
    """Set the message service, and show the types of message that it knows."""
    at.device.messages.service = number
    return Information.of(f"+CSMS: {_ALL_TYPES}")


@message_service.read
def show_service(at: Context) -> Information:
    """Show the service, and the types of message that it knows."""
    return Information.of(f"+CSMS: {at.device.messages.service},{_ALL_TYPES}")


message_memories = Command("+CPMS", source="27.005 3.2.2", needs=messages_ready)

_NAMES = Repeated(Word(lambda profile: (*_names(profile), *_class_0(profile))), 3, least=1)


def _names(profile: Profile) -> tuple[str, ...]:
    return tuple(one.name for one in profile.sms.storages)


def _class_0(profile: Profile) -> tuple[str, ...]:
    """Return the name of the memory for a message of class 0, where there is one."""
    return () if profile.sms.class_0_memory is None else (profile.sms.class_0_memory,)


def _memory(at: Context, place: int, name: str) -> MessageMemory:
    """Return a memory for <mem1>, <mem2> or <mem3>.

    Raises:
        DeviceError: it cannot be had there.
    """
    if name in _names(at.profile):
        return at.device.messages.memories[name]
    if place or at.settings["#SMSMODE"]:
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED, f"the memory {name} can only be <mem1>, and not with #SMSMODE=1"
        )
    return at.device.messages.class_0


@message_memories.set
def select_memories(at: Context, names: Annotated[Sequence[str | None], _NAMES] = ()) -> Information:
    """Set the memories to read and delete, to write and send, and for incoming messages; show how full they are."""
    messages = at.device.messages
    messages.selected = [
        before if name is None else _memory(at, place, name)
        for place, (name, before) in enumerate(zip(names, messages.selected, strict=True))
    ]
    messages.collect()
    return Information.of(f"+CPMS: {','.join(f'{memory.used},{memory.size}' for memory in messages.selected)}")


@message_memories.test
def show_memory_names(at: Context) -> Information:
    """Show the memories for each purpose."""
    names = [f'"{name}"' for name in _names(at.profile)]
    class_0 = [] if at.settings["#SMSMODE"] else [f'"{name}"' for name in _class_0(at.profile)]
    purposes = (",".join(one) for one in ([*class_0, *names], names, names))
    return Information.of(f"+CPMS: {','.join(f'({one})' for one in purposes)}")


@message_memories.read
def show_memories(at: Context) -> Information:
    """Show the choice, and how full the memories are."""
    shown = ",".join(f'"{memory.name}",{memory.used},{memory.size}' for memory in at.device.messages.selected)
    return Information.of(f"+CPMS: {shown}")


service_centre = Command("+CSCA", source="27.005 3.3.1", needs=messages_ready, test=no_values)


@service_centre.set
def set_centre(at: Context, number: Annotated[str, Text(84)] = "", kind: Octet | None = None) -> None:
    """Set the service centre, which the card keeps; a type without a number clears it.

    Args:
        number: The number of the service centre.
        kind: 129 national, 145 international.

    Example:
        AT+CSCA="+39444",145
    """
    if not number and kind is None:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "number is missing")
    at.device.messages.set_centre(address_of(at, number, kind))


@service_centre.read
def show_centre(at: Context) -> Information:
    """Show the service centre."""
    known = at.device.messages.centre
    return Information.of(f'+CSCA: "{at.characters.written(known.number)}",{known.type}')


def address_of(at: Context, number: str, kind: int | None) -> Address:
    """Read a number as the host writes it.

    Raises:
        DeviceError: it is no number.
    """
    try:
        digits = at.characters.read(number)
        address = Address.of(digits, kind)
        if digits.removeprefix("+").strip("0123456789*#abcABC"):
            raise ValueError("it has digits, *, #, a to c, with + in front at most")
        if not address.fits:
            raise ValueError(f"it has {len(digits)} characters; at most {LONGEST_NUMBER} digits")
    except ValueError as error:
        reason = f"{number!r} is no number: {error}" if number else "the number is empty"
        raise DeviceError(at.profile.sms.refusals.text, reason) from error
    return address


broadcast_types = Command("+CSCB", source="27.005 3.3.4", has_effect=False)


@broadcast_types.set
def choose_broadcasts(
    at: Context,
    mode: Annotated[int, Number(lambda profile: profile.settings["+CSCB"])] = FROM_PROFILE,
    identifiers: Annotated[
        str, Text(80, pattern=r"[0-9,-]*", form="numbers with commas between, or ranges with -")
    ] = "",
    schemes: Annotated[str, Text(80, pattern=r"[0-9,-]*", form="numbers with commas between, or ranges with -")] = "",
) -> None:
    """Set which broadcast messages are accepted, or not accepted (1); the network sends none.

    Args:
        mode: 0 accepts those named, 1 does not.
        identifiers: Message identifiers and ranges of them.
        schemes: Data coding schemes and ranges of them.

    Example:
        AT+CSCB=0,"50",""
    """
    at.settings["+CSCB"] = mode


@broadcast_types.read
def show_broadcasts(at: Context) -> Information:
    """Show the choice; no identifier and no scheme is wanted."""
    return Information.of(f'+CSCB: {at.settings["+CSCB"]},"",""')


_VALIDITY = r"[01]?\d?\d|2[0-4]\d|25[0-5]|\d\d/\d\d/\d\d,\d\d:\d\d:\d\d[+-]\d\d?"
text_parameters = Command("+CSMP", source="27.005 3.3.2")


@text_parameters.set
def set_parameters(
    at: Context,
    first: Octet | None = None,
    validity: Annotated[str, Text(pattern=_VALIDITY, form="0 to 255, or yy/MM/dd,hh:mm:ss+zz")] | None = None,
    protocol: Octet | None = None,
    scheme: Octet | None = None,
) -> None:
    """Set <fo>, <vp>, <pid> and <dcs> of messages that text mode sends; what is left out stays.

    Args:
        first: First octet of the message (23.040); 17 submits with a relative period of validity.
        validity: Period of validity: a number, or a text of the time.
        protocol: Protocol identifier.
        scheme: Data coding scheme.

    Example:
        AT+CSMP=17,167,0,0
    """
    messages = at.device.messages
    relative, expiry = (None, messages.expiry) if validity is None else _validity(validity)
    given = (first, relative, protocol, scheme)
    one, two, three, four = (old if new is None else new for new, old in zip(given, messages.parameters, strict=True))
    messages.parameters, messages.expiry = (one, two, three, four), expiry


def _validity(text: str) -> tuple[int | None, bytes | None]:
    """Read <vp>: a number for a relative period, or the time of its end."""
    if text.isdigit():
        return int(text), None
    try:
        return None, stamp_of(text)
    except ValueError as error:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"there is no such time: {text}") from error


@text_parameters.read
def show_parameters(at: Context) -> Information:
    """Show the parameters."""
    messages = at.device.messages
    first, validity, *others = map(str, messages.parameters)
    if messages.expiry is not None:
        validity = f'"{shown(messages.expiry)}"'
    return Information.of(f"+CSMP: {','.join((first, validity, *others))}")


settings_save = Command("+CSAS", source="27.005 3.3.5")
settings_restore = Command("+CRES", source="27.005 3.3.6")

ProfileNumber = Annotated[int, fixed(0, default=0), "The set of parameters; there is one."]


@settings_save.execute
@settings_save.set
def keep(at: Context, number: ProfileNumber = 0) -> None:
    """Save the parameters of +CSMP in NVM; the service centre is there anyway."""
    at.device.messages.keep_parameters()


@settings_restore.execute
@settings_restore.set
def restore(at: Context, number: ProfileNumber = 0) -> None:
    """Restore the parameters that +CSAS has saved."""
    at.device.messages.restore_parameters()


message_indications = SettingsCommand(
    "+CNMI",
    "Set which URCs report messages and status reports, when they are sent, and what becomes of those that were kept.",
    source="27.005 3.4.1",
    mode=setting("+CNMI.mode", "0 keeps URCs, 1 drops them in data mode, 2 keeps them there, 3 sends them there."),
    message=setting(
        "+CNMI.mt",
        "Of incoming messages: 0 nothing, 1 their place (+CMTI), 2 the message (+CMT), 3 that or +CMTI by class.",
    ),
    broadcast=setting("+CNMI.bm", "Of broadcast messages: 0 nothing, 2 the message, 3 that by class; none comes."),
    report=setting("+CNMI.ds", "Of status reports: 0 nothing, 1 the report (+CDS), 2 its place (+CDSI)."),
    buffer=setting("+CNMI.bfr", "0 sends the URCs that were kept when the mode becomes another, 1 drops them."),
)


@message_indications.changed
def apply_indications(at: Context) -> None:
    """Send the URCs that were kept, and take messages that waited for a listener."""
    at.device.messages.wishes_changed(at.instance)


behaviour = single_setting(
    setting("#SMSMODE").unchanged,
    "Set whether messages behave as in older software or as in 27.005.",
    source="Software User Guide 3.7.4",
)
