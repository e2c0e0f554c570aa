"""Lines of an answer that show a message, as PDU or text, with or without the details of +CSDH. 27.005 3.4."""

import msgspec

from emulator.at.settings import Settings
from emulator.commands.character_set import CharacterSet
from emulator.commands.messages.text import shown
from emulator.device.device import Device
from emulator.device.sms import tpdu
from emulator.device.sms.address import Address, decoded_centre
from emulator.device.sms.memory import Status, StoredMessage
from emulator.device.sms.tpdu import Deliver, Message, StatusReport, Submit, decode
from emulator.device.sms.tpdu import shown as stamp_shown


class MessageView(msgspec.Struct, frozen=True):
    """How one AT instance is shown the messages of the device."""

    device: Device
    settings: Settings

    @property
    def characters(self) -> CharacterSet:
        """The character set of texts and numbers."""
        return CharacterSet(self.settings, self.device.profile.sms)

    def name_of(self, number: str) -> str:
        """Return <alpha>, in quotes: the name that the phonebook has for a number."""
        return _quoted(self.device.phonebook.name_of(number), self.characters)


def in_text_mode(settings: Settings) -> bool:
    """Return whether +CMGF is 1."""
    return settings["+CMGF"] == 1


def read_lines(stored: StoredMessage, view: MessageView) -> tuple[str, str | None]:
    """Format a message for +CMGR: the header without its name, and the text; None behind that of a report."""
    if not in_text_mode(view.settings):
        return f'{stored.status},"",{_size(stored.pdu)}', stored.pdu.hex().upper()
    centre, message = _opened(stored)
    characters = view.characters
    if isinstance(message, StatusReport):
        return f'"{Status(stored.status).text}",{_reported(message, characters)}', None
    head = [
        f'"{Status(stored.status).text}"',
        _quoted(message.address.number, characters),
        view.name_of(message.address.number),
    ]
    if isinstance(message, Deliver):
        head.append(f'"{stamp_shown(message.stamp)}"')
    if view.settings["+CSDH"]:
        head += _details(message, centre, characters)
    return ",".join(head), shown(message, characters)


def listed_lines(index: int, stored: StoredMessage, view: MessageView) -> tuple[str, str | None]:
    """Format a message for +CMGL: the header without its name, and the text; None behind that of a report."""
    if not in_text_mode(view.settings):
        return f'{index},{stored.status},"",{_size(stored.pdu)}', stored.pdu.hex().upper()
    _, message = _opened(stored)
    characters = view.characters
    if isinstance(message, StatusReport):
        return f'{index},"{Status(stored.status).text}",{_reported(message, characters)}', None
    stamp = f'"{stamp_shown(message.stamp)}"' if isinstance(message, Deliver) else '""'
    number = _quoted(message.address.number, characters)
    head = [str(index), f'"{Status(stored.status).text}"', number, view.name_of(message.address.number), stamp]
    if view.settings["+CSDH"]:
        head += [str(message.address.type), str(message.data.length)]
    return ",".join(head), shown(message, characters)


def delivered_lines(message: Deliver, centre: Address, view: MessageView) -> str:
    """Format a message for +CMT."""
    if not in_text_mode(view.settings):
        octets = message.encoded()
        pdu = (centre.encoded_for_centre() + octets).hex().upper()
        return f'+CMT: "",{len(octets)}\r\n{pdu}'
    characters = view.characters
    number, name = _quoted(message.origin.number, characters), view.name_of(message.origin.number)
    head = [number, name, f'"{stamp_shown(message.stamp)}"']
    if view.settings["+CSDH"]:
        head += _details(message, centre, characters)
    return f"+CMT: {','.join(head)}\r\n{shown(message, characters)}"


def report_lines(report: StatusReport, centre: Address, view: MessageView) -> str:
    """Format a status report for +CDS."""
    octets = report.encoded()
    if not in_text_mode(view.settings):
        return f"+CDS: {len(octets)}\r\n{(centre.encoded_for_centre() + octets).hex().upper()}"
    return f"+CDS: {_reported(report, view.characters)}"


def _reported(report: StatusReport, characters: CharacterSet) -> str:
    """Format <fo>, <mr>, <ra>, <tora>, <scts>, <dt> and <st>."""
    number = _quoted(report.recipient.number, characters)
    times = f'"{stamp_shown(report.stamp)}","{stamp_shown(report.discharged)}"'
    return f"{report.first},{report.reference},{number},{report.recipient.type},{times},{report.status}"


def _details(message: Message, centre: Address | None, characters: CharacterSet) -> list[str]:
    """Format the type of address, <fo>, <pid>, <dcs>, the validity period, the service centre, the length."""
    values = [message.address.type, message.first, message.protocol, message.scheme]
    details = [str(value) for value in values]
    if isinstance(message, Submit):
        details.append(_validity(message))
    known = centre or Address.of("")
    return [*details, _quoted(known.number, characters), str(known.type), str(message.data.length)]


def _validity(message: Submit) -> str:
    """Format <vp>: a number, or the time at which an absolute period ends."""
    match message.first & tpdu.VALIDITY:
        case tpdu.RELATIVE:
            return str(message.validity[0])
        case tpdu.ABSOLUTE:
            return f'"{stamp_shown(message.validity)}"'
    return ""


def _quoted(number: str, characters: CharacterSet) -> str:
    return f'"{characters.written(number)}"'


def _size(pdu: bytes) -> int:
    """Count the octets of a message without its service centre."""
    return len(decoded_centre(pdu)[1])


def _opened(stored: StoredMessage) -> tuple[Address | None, Message | StatusReport]:
    centre, octets = decoded_centre(stored.pdu)
    return centre, decode(octets)
