"""Track registration, packet attachment, operator and signal."""

from collections.abc import Callable

from emulator.device.lack import Lack
from emulator.device.needs.network import Service
from emulator.device.network.coverage import SEARCHING, UNKNOWN_SIGNAL, Coverage
from emulator.device.network.technologies import System, Technologies, system_of
from emulator.errors import Cause
from emulator.firmware.schema.eutran import EutranCell
from emulator.firmware.schema.network import GsmCell, Operator, UtranCell
from emulator.firmware.schema.network import Network as NetworkProfile

REGISTERED = frozenset((1, 5))
"""<stat> of home and roaming (27.007 7.2)."""

DENIED = 3
"""<stat> where the network denies the registration (27.007 7.2)."""

_STATUSES = {0: "not registered", 2: "searching", DENIED: "denied", 4: "unknown"}
"""The other values of <stat> (27.007 7.2)."""

DEREGISTERED = 2
"""<mode> of +COPS: the host wants no registration."""

_GPRS, _LTE = 0, 4
"""<nt> of #PSNT."""

CURRENT, AVAILABLE = 2, 1
"""<stat> of an operator in the list of +COPS=? (27.007 7.3)."""


class Network:
    """Registration and attachment, and the listeners that are told of their changes."""

    def __init__(
        self,
        profile: NetworkProfile,
        coverage: Coverage,
        *,
        has_service: bool,
        attaches: Callable[[], bool],
        technologies: Technologies,
    ) -> None:
        """Begin registered as the network offers if the SIM gives service, else not registered.

        Args:
            profile: what the network is like.
            coverage: what it offers now.
            has_service: whether there is an unlocked SIM.
            attaches: whether the module attaches to packet service by itself, whenever it registers.
            technologies: which technology is in use.
        """
        self._profile = profile
        self._attaches = attaches
        self._technologies = technologies
        self._last_cell = self.cell
        self._coverage = coverage
        self.registration = coverage.registration if has_service else 0
        refused = coverage.attachment_refusal is not None
        self.attached = self.registered and attaches() and not refused
        self.attaching = self.registered and attaches() and refused
        """Whether the device tries to attach, or will in a moment."""
        self.operator_mode = 0
        """<mode> of +COPS."""
        self.operator_format = 0
        """<format> of +COPS: 0 long name, 2 number."""
        self.operator = self._home
        """Whose network it is, while registered."""
        self.explain_no_service: Callable[[], Lack] = self._explain_registration
        """Says why the network does not serve the module; who knows more than the registration takes its place."""
        self.on_registration: list[Callable[[], None]] = []
        self.on_signal: list[Callable[[], None]] = []
        self.on_cell: list[Callable[[], None]] = []
        """Called when another cell serves the module."""
        self.on_attachment: list[Callable[[object | None], None]] = []
        """Called with the AT instance that asked for the change, None when no command did."""

    def __repr__(self) -> str:
        return f"<Network stat {self.registration}, {'attached' if self.attached else 'detached'}>"

    @property
    def _home(self) -> Operator | None:
        return next((candidate for candidate in self._profile.operators if candidate.status == CURRENT), None)

    @property
    def registered(self) -> bool:
        """Return whether the device is registered, at home or roaming."""
        return self.registration in REGISTERED

    def _explain_registration(self) -> Lack:
        word = _STATUSES.get(self.registration, "not registered")
        need = None if self.registration == DENIED else Service()
        return Lack(f"the network gives no service: the registration is {self.registration} ({word})", need)

    @property
    def signal(self) -> int:
        """Return <rssi> of +CSQ."""
        return self._coverage.signal if self.registered else UNKNOWN_SIGNAL

    @property
    def bit_errors(self) -> int:
        """Return <ber> of +CSQ."""
        return self._coverage.bit_errors if self.registered else UNKNOWN_SIGNAL

    @property
    def technology(self) -> int | None:
        """Return <AcT> of the technology in use; None where it is not printed."""
        return self._technologies.in_use

    def ask_technology(self, technology: int | None) -> None:
        """Take the technology that the host has chosen with the operator; None leaves it to the module."""
        self._technologies.asked = technology
        self.technologies_changed()

    @property
    def cell(self) -> GsmCell | UtranCell | EutranCell:
        """Return the serving cell, of the technology in use or of the next one below that has a cell."""
        in_use = self.technology
        best = System.EUTRAN if in_use is None else system_of(in_use)
        if best is System.EUTRAN and self._profile.eutran_cell is not None:
            return self._profile.eutran_cell
        if best is not System.GERAN and self._profile.utran_cell is not None:
            return self._profile.utran_cell
        return self._profile.gsm_cell

    @property
    def place(self) -> tuple[str, str]:
        """Return the area and the cell that +CREG shows."""
        cell = self.cell
        if isinstance(cell, EutranCell):
            return cell.tracking_area, cell.cell.lstrip("0") or "0"
        return cell.location_area, cell.cell

    @property
    def packet_technology(self) -> int | None:
        """Return <nt> of #PSNT."""
        unknown = self._profile.unregistered_packet_technology
        if unknown is not None and not self.registered:
            return unknown
        if isinstance(self.cell, GsmCell):
            return _GPRS
        return _LTE if isinstance(self.cell, EutranCell) else self._profile.packet_technology

    @property
    def operators(self) -> list[Operator]:
        """Return what +COPS=? finds: of an operator with several technologies those that +WS46 allows."""
        known = self._profile.operators
        allowed = {id(one) for one in known if self._allows(one)}
        served = {one.numeric for one in known if id(one) in allowed}
        return [one for one in known if id(one) in allowed or one.numeric not in served]

    def _allows(self, operator: Operator) -> bool:
        return operator.access_technology is not None and self._technologies.allows(operator.access_technology)

    def technology_of(self, operator: Operator) -> int | None:
        """Return <AcT> of an operator's cell within reach, in the list of +COPS=?."""
        printed, in_use = operator.access_technology, self.technology
        if printed is None or in_use is None:
            return printed
        only_here = system_of(in_use) is System.GERAN and self._entry(operator.numeric, in_use) is None
        return printed if self._allows(operator) and not only_here else in_use

    @property
    def packet_registration(self) -> int:
        """Return <stat> of +CGREG."""
        cell = self.cell
        elsewhere = isinstance(cell, EutranCell) and not cell.answers.packet_registration
        return 0 if elsewhere and self.registered else self._attachment

    @property
    def eps_registration(self) -> int:
        """Return <stat> of +CEREG."""
        return self._attachment if isinstance(self.cell, EutranCell) or not self.registered else 0

    @property
    def _attachment(self) -> int:
        if self.attaching and not self.attached:
            return SEARCHING
        return self.registration if self.attached or not self.registered else 0

    def status_of(self, candidate: Operator) -> int:
        """Return <stat> of an operator as +COPS=? lists it now."""
        if self.registered and candidate is self._serving:
            return CURRENT
        return AVAILABLE if candidate.status == CURRENT else candidate.status

    @property
    def _serving(self) -> Operator | None:
        """The entry of the operator for the technology in use."""
        if self.operator is None:
            return None
        return self._entry(self.operator.numeric, self.technology) or self.operator

    def _entry(self, numeric: str, technology: int | None) -> Operator | None:
        entries = (one for one in self._profile.operators if one.numeric == numeric)
        return next((one for one in entries if one.access_technology == technology), None)

    def name_of(self, operator: Operator) -> str:
        """Return the name of an operator as the network gives it now."""
        name = self._coverage.operator_name
        is_home = self._home is not None and operator.numeric == self._home.numeric
        return name if name is not None and is_home else operator.name

    def find_operator(self, name: str, technology: int | None = None) -> Operator | None:
        """Find an operator by name or number; None when it is out of reach, or has no entry for that technology.

        The technology does not matter where each operator has one entry.
        """
        known = self._profile.operators
        matters = technology is not None and len({one.numeric for one in known}) < len(known)
        entries = (one for one in known if name in (self.name_of(one), one.numeric))
        return next((one for one in entries if not matters or one.access_technology == technology), None)

    def set_registration(self, registration: int) -> None:
        """Set <stat> of +CREG; when the registration ends, the attachment ends with it."""
        if registration == self.registration:
            return
        self.registration = registration
        for listener in self.on_registration:
            listener()
        if not self.registered:
            self.set_attached(False)

    def set_attached(self, attached: bool, asked_by: object | None = None) -> None:
        """Attach to or detach from packet service (+CGATT)."""
        if attached == self.attached:
            return
        self.attached = attached
        for listener in self.on_attachment:
            listener(asked_by)

    def technologies_changed(self) -> None:
        """Take a cell of a technology that the host allows now, and tell the listeners if it is another one."""
        before, self._last_cell = self._last_cell, self.cell
        if self.registered and before is not self._last_cell:
            for listener in self.on_cell:
                listener()

    def restore(self, operator: Operator | None = None) -> None:
        """Take the registration that the network offers, of `operator` or of the home network."""
        self.operator = operator or self._home
        self.set_registration(self._coverage.registration)

    def finds(self, operator: Operator | None) -> bool:
        """Return whether there is something to search for: a network in reach that does not serve the device yet."""
        offered = self._coverage.registration
        return offered != SEARCHING and (offered != self.registration or self.operator is not (operator or self._home))

    def attach(self) -> None:
        """Attach to packet service, if the device does so by itself whenever it registers."""
        wants = self.registered and (self.attached or self._attaches())
        self.attaching = wants and not self.attached and self.attachment_refusal is not None
        if self.registered and not self.attaching:
            self.set_attached(wants)

    @property
    def attachment_refusal(self) -> Cause | None:
        """Return why the network refuses the attachment; None when it does not."""
        return self._coverage.attachment_refusal

    def packet_service_changed(self) -> None:
        """Lose the attachment because the network refuses it, or attach again when it no longer does."""
        if self.attachment_refusal is None:
            if self.attaching:
                self.attach()
            return
        self.attaching = self.registered and self._attaches() and (self.attached or self.attaching)
        self.set_attached(False)
