"""Track registration, packet attachment, operator and signal."""

from collections.abc import Callable

from emulator.device.lack import Lack
from emulator.device.needs import Service
from emulator.device.network.coverage import SEARCHING, UNKNOWN_SIGNAL, Coverage
from emulator.firmware.schema.network import GsmCell, Operator, UtranCell
from emulator.firmware.schema.network import Network as NetworkProfile

REGISTERED = frozenset((1, 5))
"""<stat> of home and roaming (27.007 7.2)."""

_DENIED = 3
_STATUSES = {0: "not registered", 2: "searching", _DENIED: "denied", 4: "unknown"}
"""The other values of <stat> (27.007 7.2)."""

DEREGISTERED = 2
"""<mode> of +COPS: the host wants no registration."""

GSM, GSM_COMPACT, EGPRS = 0, 1, 3
"""<AcT> of GSM's access technologies (27.007 7.2)."""
_GPRS = 0
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
        gsm_only: Callable[[], bool],
    ) -> None:
        """Begin registered as the network offers if the SIM gives service, else not registered.

        Args:
            profile: what the network is like.
            coverage: what it offers now.
            has_service: whether there is an unlocked SIM.
            attaches: whether the module attaches to packet service by itself, whenever it registers.
            gsm_only: whether the host allows no other technology than GSM.
        """
        self._profile = profile
        self._attaches = attaches
        self._gsm_only = gsm_only
        self._last_cell = self.cell
        self._coverage = coverage
        self.registration = coverage.registration if has_service else 0
        self.attached = self.registered and attaches()
        self.attaching = False
        """Whether the device will attach in a moment."""
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
        need = None if self.registration == _DENIED else Service()
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
        offered = self._profile.access_technology
        return GSM if offered is not None and self._gsm_only() else offered

    @property
    def cell(self) -> GsmCell | UtranCell:
        """Return the serving cell, of the technology in use."""
        utran = self._profile.utran_cell
        if utran is None or self.technology in (GSM, GSM_COMPACT, EGPRS):
            return self._profile.gsm_cell
        return utran

    @property
    def packet_technology(self) -> int | None:
        """Return <nt> of #PSNT."""
        return _GPRS if isinstance(self.cell, GsmCell) else self._profile.packet_technology

    def technology_of(self, operator: Operator) -> int | None:
        """Return <AcT> of an operator's cell within reach, in the list of +COPS=?."""
        return GSM if operator.access_technology is not None and self.technology == GSM else operator.access_technology

    @property
    def packet_registration(self) -> int:
        """Return <stat> of +CGREG."""
        if self.attaching and not self.attached:
            return SEARCHING
        return self.registration if self.attached or not self.registered else 0

    def status_of(self, candidate: Operator) -> int:
        """Return <stat> of an operator as +COPS=? lists it now."""
        if self.registered and candidate is self.operator:
            return CURRENT
        return AVAILABLE if candidate.status == CURRENT else candidate.status

    def find_operator(self, name: str) -> Operator | None:
        """Find an operator by name or number; None when it is out of reach."""
        return next((known for known in self._profile.operators if name in (known.name, known.numeric)), None)

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
        self.attaching = False
        if self.registered:
            self.set_attached(self.attached or self._attaches())
