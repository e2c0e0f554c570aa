"""The versions of TLS that a server of the lab speaks, as its options name them."""

from collections.abc import Sequence

from emulator.errors import UserError
from emulator.tls.wire.versions import VERSIONS, ProtocolVersion


def version_range(names: Sequence[str]) -> tuple[ProtocolVersion, ProtocolVersion]:
    """Return the lowest and the highest version by their names, as in `("TLS 1.2", "TLS 1.3")`.

    Raises:
        UserError: these are not two names of versions.
    """
    found = [VERSIONS[name] for name in names if name in VERSIONS]
    if isinstance(names, str) or len(names) != 2 or len(found) != 2:
        known = ", ".join(VERSIONS)
        raise UserError(f"lab server: versions is {names!r}; give the lowest and the highest, of {known}")
    lowest, highest = found
    return lowest, highest
