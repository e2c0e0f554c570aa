"""Define what NVM keeps of each secure socket: #SSLEN, #SSLSECCFG, #SSLCFG and #SSLSECDATA. Guide chapter 3."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from emulator.device.memory.record import Record, freeze
from emulator.device.ssl.item import SecurityItem
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile


class SocketConfiguration(Record, frozen=True):
    """Settings of #SSLCFG."""

    packet_size: int
    inactivity: int
    default_timeout: int
    transmission: int
    ring_mode: int = 0
    no_carrier_mode: int = 0
    host_mismatch: int = 0
    unused: int = 0
    equal_pieces: int = 0
    connection_timeout: int = 0
    cid: int = 1

    def values(self, added: Iterable[str]) -> str:
        """Return the values behind <SSId>, with the `added` fields behind those of the guide."""
        guide = "cid", "packet_size", "inactivity", "default_timeout", "transmission"
        return ",".join(str(getattr(self, name)) for name in (*guide, *added))


class SecureSocketSettings(Record, frozen=True, kw_only=True):
    """All that is kept of one secure socket."""

    enabled: bool
    cipher_suite: int
    authentication: int
    version: int = 0
    """<version> of #SSLSECCFG2."""
    server_name: int = 0
    """<SNI> of #SSLSECCFG2; 1 says the dialled name in the hello."""
    preloaded_ca: int = 0
    custom_ca: int = 0
    configuration: SocketConfiguration
    security_data: Mapping[int, SecurityItem] = {}
    """By <DataType>."""

    def __post_init__(self) -> None:
        freeze(self)


def factory_settings(profile: SecureSocketProfile) -> SecureSocketSettings:
    """Return the settings of a new device."""
    values = {name: limits.default for name, limits in _limits_of(profile).items()}
    factory = SecureSocketSettings(
        enabled=profile.enabled_at_factory,
        cipher_suite=profile.cipher_default,
        authentication=profile.authentication.default or 0,
        configuration=SocketConfiguration(**{name: value or 0 for name, value in values.items()}),
    )
    return replace(factory, **{name: limits.default or 0 for name, limits in _security_limits(profile).items()})


def fitted_settings(kept: SecureSocketSettings, profile: SecureSocketProfile) -> SecureSocketSettings:
    """Replace each value that the firmware lacks by its factory value.

    Security data is checked when it is used.
    """
    factory = factory_settings(profile)
    configured = all(limit.allows(getattr(kept.configuration, name)) for name, limit in _limits_of(profile).items())
    foreign = (name for name, limit in _security_limits(profile).items() if not limit.allows(getattr(kept, name)))
    return replace(
        kept,
        configuration=kept.configuration if configured else factory.configuration,
        **{name: getattr(factory, name) for name in foreign},
    )


def _security_limits(profile: SecureSocketProfile) -> dict[str, Numeric]:
    """Return the limits of what #SSLSECCFG and #SSLSECCFG2 set."""
    limits: dict[str, Numeric | None] = {
        "cipher_suite": profile.cipher_suites,
        "authentication": profile.authentication,
    }
    if (extended := profile.extended_security) is not None:
        limits |= {
            "version": extended.numbers,
            "server_name": extended.server_name,
            "preloaded_ca": extended.preloaded_ca,
            "custom_ca": extended.custom_ca,
        }
    return {name: limit for name, limit in limits.items() if limit is not None}


def _limits_of(profile: SecureSocketProfile) -> dict[str, Numeric]:
    """Return the limits of each field of the configuration."""
    return {
        "cid": profile.cids,
        "packet_size": profile.packet_size,
        "inactivity": profile.inactivity,
        "default_timeout": profile.default_timeout,
        "transmission": profile.transmission,
        **profile.configuration_values,
    }
