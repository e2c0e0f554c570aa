"""What #SSLSECCFG2 can change of a hello: the versions of TLS, and whether the server is named."""

from collections.abc import Iterator
from dataclasses import dataclass

from emulator.firmware.schema.ssl import SecureSocket
from emulator.tls.wire.versions import VersionRange


@dataclass(frozen=True)
class Extended:
    """The values of #SSLSECCFG2."""

    version: int
    server_name: int
    """<SNI>: 1 names the server."""

    def __str__(self) -> str:
        """Return the values as the host types them, without one that is 0 at the end."""
        return f"{self.version},{self.server_name}" if self.server_name else str(self.version)


def factory_choice(profile: SecureSocket) -> Extended | None:
    """Return what holds until the host chooses; None where the firmware has no #SSLSECCFG2."""
    extended = profile.extended_security
    return None if extended is None else Extended(extended.version_default, extended.server_name.default or 0)


def other_choices(profile: SecureSocket) -> Iterator[Extended]:
    """Yield what a host may choose instead of the factory's values: the server's name, then a later version.

    A <version> that stands for one version goes before one that leaves the choice to the server.
    """
    extended, factory = profile.extended_security, factory_choice(profile)
    if extended is None or factory is None:
        return

    others = [number for number in extended.preferred if number != factory.version]
    names = [value for value in (0, 1) if extended.server_name.allows(value)]
    for number in (factory.version, *others):
        for value in names:
            if (choice := Extended(number, value)) != factory:
                yield choice


def versions_with(profile: SecureSocket, chosen: Extended | None) -> VersionRange:
    """Return the versions of a hello."""
    return profile.versions(chosen.version if chosen is not None else 0)


def spoken_versions(profile: SecureSocket) -> tuple[str, ...]:
    """Return every version that a host of the firmware can choose, the oldest first."""
    return tuple(version.name for version in profile.spoken)


def names_server(profile: SecureSocket) -> bool:
    """Return whether a host of the firmware can let it name the server."""
    extended = profile.extended_security
    return extended is not None and extended.server_name.allows(1)
