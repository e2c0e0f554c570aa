"""Send and receive short messages. 27.005 3, 23.040 3."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.network.registration import Network
from emulator.device.sms.address import Address
from emulator.device.sms.mailbox import Mailbox, Sent
from emulator.device.sms.memory import MessageMemory, Status
from emulator.device.sms.tpdu import REPORT, Deliver, StatusReport, Submit, text_of
from emulator.errors import DeviceError
from emulator.firmware.schema.sms import Messages as Profile
from emulator.later import later
from emulator.trace.events import ShortMessage
from emulator.trace.private_keys import starred_text
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    from emulator.device.needs import memory as needs
else:
    needs = later("emulator.device.needs.memory")


class ServiceCentre(Record, frozen=True):
    """What +CSCA has set."""

    number: str
    type: int


class MessageListener(Protocol):
    """An AT instance's choice of URCs for messages (+CNMI)."""

    def takes(self, message: Deliver) -> bool:
        """Return whether it wants the message itself, so that it is not stored."""

    def delivered(self, message: Deliver, centre: Address) -> None:
        """Show a message that was received and not stored."""

    def stored(self, memory: str, index: int) -> None:
        """Tell of a message that was received and stored."""

    def wishes_changed(self) -> None:
        """Take a change of +CNMI."""

    def takes_reports(self) -> bool:
        """Return whether it wants reports themselves, so that they are not stored."""

    def reported(self, report: StatusReport, centre: Address) -> None:
        """Show a status report that was not stored."""

    def wants_reports_stored(self) -> bool:
        """Return whether it wants to be told of stored reports."""

    def report_stored(self, memory: str, index: int) -> None:
        """Tell of a report that was stored."""


class MessageService:
    """Sends, receives and stores messages; made anew at each start, while memories and mailbox go on."""

    def __init__(self, profile: Profile, store: NvmStore, network: Network, mailbox: Mailbox, trace: Trace) -> None:
        self.profile = profile
        self._store = store
        self._network = network
        self._mailbox = mailbox
        self._trace = trace
        self.memories = {one.name: MessageMemory(one.name, one.size, profile, store) for one in profile.storages}
        self.class_0 = MessageMemory(profile.class_0_memory or "", 1, profile, store)
        """The memory for one message of class 0, until power-off; none ever comes into it."""
        self.on_full: list[Callable[[str], None]] = []
        """Called with the name of a memory in which the last index has been taken."""
        for memory in self.memories.values():
            memory.on_full = self._filled
        first = self.memories[profile.storages[0].name]
        self.selected = [first, first, first]
        """<mem1> to read and delete, <mem2> to write and send, <mem3> for what comes."""
        self.service = 0
        """<service> of +CSMS."""
        self._unacknowledged = 0
        """How many messages and reports were shown that the host is to acknowledge (<service> 1)."""
        self.parameters = store.content.message_parameters or profile.parameters
        """<fo>, <vp>, <pid> and <dcs>."""
        self.expiry: bytes | None = None
        """<vp> as a time, in seven octets; None where it is a number. +CSAS does not keep it."""
        self._listeners: dict[object, MessageListener] = {}
        network.on_registration.append(self.collect)

    def __repr__(self) -> str:
        return f"<MessageService {self.selected!r}>"

    def listen(self, host: object, listener: MessageListener) -> None:
        """Add the listener of an AT instance."""
        self._listeners[host] = listener
        self.collect()

    def wishes_changed(self, host: object) -> None:
        """Take a change of +CNMI at an AT instance."""
        self._listeners[host].wishes_changed()
        self.collect()

    @property
    def centre(self) -> Address:
        """Return the service centre."""
        kept = self._store.content.service_centre
        return Address.of(self.profile.centre) if kept is None else Address(kept.number, kept.type)

    def set_centre(self, centre: Address) -> None:
        """Write another service centre."""
        with self._store.change() as nvm:
            nvm.service_centre = ServiceCentre(centre.number, centre.type)

    @property
    def next_reference(self) -> int:
        """Return <mr> of the next message that is sent."""
        return (self._store.content.message_reference + 1) % 256

    def keep_parameters(self) -> None:
        """Write the parameters of +CSMP to NVM (+CSAS)."""
        with self._store.change() as nvm:
            nvm.message_parameters = self.parameters

    def restore_parameters(self) -> None:
        """Restore the parameters from NVM (+CRES)."""
        self.parameters = self._store.content.message_parameters or self.profile.parameters
        self.expiry = None

    def _filled(self, memory: str) -> None:
        for listener in self.on_full:
            listener(memory)

    def acknowledge(self) -> None:
        """Acknowledge the oldest message that was shown to the host (+CNMA).

        Raises:
            DeviceError: nothing is to be acknowledged.
        """
        if not self._unacknowledged:
            reason = "no message waits to be acknowledged; with service 1 each one that is shown at once does"
            raise DeviceError(self.profile.refusals.not_expected, reason, needs.ShownMessage())
        self._unacknowledged -= 1

    # Out.

    def send(self, message: Submit, centre: Address | None = None, stored_at: int | None = None) -> int:
        """Send a message and return its reference; one that is stored at an index of <mem2> becomes a sent one.

        Raises:
            DeviceError: the module is not registered, no service centre is known, or the memory fails.
        """
        if not self._network.registered:
            raise self._network.explain_no_service().refusal(self.profile.refusals.no_service)
        centre = centre or self.centre
        if not centre.number:
            reason = "no number of a service centre is stored"
            raise DeviceError(self.profile.refusals.no_centre, reason, needs.KnownCentre())
        reference = self.next_reference
        with self._store.change() as nvm:
            nvm.message_reference = reference
            if stored_at is not None:
                self.selected[1].mark_in(nvm, {stored_at: Status.SENT})
        message = replace(message, reference=reference)
        text = text_of(message)
        self._trace.emit(ShortMessage(direction="sent", number=message.destination.number, text=starred_text(text)))
        self._mailbox.took(Sent(message.destination.number, text, message.encoded()), message)
        if message.first & REPORT:
            stamp = self._mailbox.stamp()
            self._report(StatusReport(reference, message.destination, stamp, stamp), centre)
        self.collect()
        return reference

    # In.

    def _report(self, report: StatusReport, centre: Address) -> None:
        listeners = self._listeners.values()
        takers = [listener for listener in listeners if listener.takes_reports()]
        for listener in takers:
            listener.reported(report, centre)
            self._unacknowledged += self.service
        told = [listener for listener in listeners if listener.wants_reports_stored()]
        memory = self.selected[2]
        if takers or not told or memory.is_full:
            return
        try:
            index = memory.add(Status.UNREAD, centre.encoded_for_centre() + report.encoded())
        except DeviceError:  # the memory fails: the same as when it is full, for the message has been sent
            return
        for listener in told:
            listener.report_stored(memory.name, index)

    def collect(self) -> None:
        """Receive the waiting messages for which there is room."""
        if not self._listeners:  # the module is off: its AT instances listen from power-on
            return
        waiting = self._mailbox.waiting
        while waiting and self._network.registered:
            message = waiting[0]
            if not any(listener.takes(message) for listener in self._listeners.values()) and self.selected[2].is_full:
                return
            try:
                self._take(message)
            except DeviceError:  # the memory fails: the network goes on keeping it
                return
            waiting.popleft()

    def _take(self, message: Deliver) -> None:
        text = text_of(message)
        self._trace.emit(ShortMessage(direction="received", number=message.origin.number, text=starred_text(text)))
        takers = [listener for listener in self._listeners.values() if listener.takes(message)]
        for listener in takers:
            listener.delivered(message, self.centre)
            self._unacknowledged += self.service
        if takers:
            return
        memory = self.selected[2]
        index = memory.add(Status.UNREAD, self.centre.encoded_for_centre() + message.encoded())
        for listener in self._listeners.values():
            listener.stored(memory.name, index)
