"""A name cannot be resolved."""

from emulator.faults.fault import NameFault
from emulator.net.bearer import NameUnknown


class NameUnresolved(NameFault, frozen=True, kw_only=True, tag="name-unknown"):
    """No name server knows the host, or none answers."""

    async def dial(self, host: str) -> None:
        raise NameUnknown(f"{host!r} cannot be resolved")
