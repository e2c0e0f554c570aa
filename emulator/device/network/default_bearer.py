"""The default bearer: the PDP context that comes with the attachment to E-UTRAN. 23.401 5.3.2."""

from emulator.device.network.contexts import PdpContexts
from emulator.device.network.registration import Network
from emulator.firmware.schema.eutran import EutranCell
from emulator.firmware.schema.packet import DefaultBearer as DefaultBearerProfile


class DefaultBearer:
    """Brings the context up whenever the module attaches; it goes down as the others do."""

    def __init__(self, profile: DefaultBearerProfile | None, contexts: PdpContexts, network: Network) -> None:
        self._profile = profile
        self._contexts = contexts
        self._network = network
        network.on_attachment.append(lambda asked_by: self.begin())
        network.on_cell.append(self.begin)

    def __repr__(self) -> str:
        return f"<DefaultBearer {self._profile}>"

    def begin(self) -> None:
        """Bring it up, if the module is attached to E-UTRAN."""
        if self._profile is not None and self._network.attached and isinstance(self._network.cell, EutranCell):
            self._contexts.attach(self._profile.cid)
