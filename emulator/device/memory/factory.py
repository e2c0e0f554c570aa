"""What the factory leaves in NVM, and how a memory that another firmware wrote is made to fit."""

from collections.abc import Iterable

from emulator.device.memory.store import ContextDefinition, Nvm, SocketConfiguration
from emulator.firmware.limits import Numeric
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile


def factory_nvm(firmware: Firmware) -> Nvm:
    """The content of a module that has never been used."""
    profile = firmware.profile
    ssl = profile.secure_socket
    return Nvm(
        model=firmware.model,
        ssl_enabled=ssl is not None and ssl.enabled_at_factory,
        cipher_suite=ssl.cipher_default if ssl else 0,
        authentication=(ssl.authentication.default or 0) if ssl else 0,
        socket_configuration=_factory_configuration(ssl),
        contexts={context.cid: ContextDefinition(context.type, context.apn) for context in profile.pdp.factory},
        interface_style=profile.terminal.interface_styles.default or 0,
        network_time=profile.calendar.network_time.default or 0,
    )


def _factory_configuration(ssl: SecureSocketProfile | None) -> SocketConfiguration:
    if ssl is None:
        return SocketConfiguration(0, 0, 0, 0)
    return SocketConfiguration(
        packet_size=ssl.packet_size.default or 0,
        inactivity=ssl.inactivity.default or 0,
        default_timeout=ssl.default_timeout.default or 0,
        transmission=ssl.transmission.default or 0,
        ring_mode=ssl.ring_modes.default or 0,
        no_carrier_mode=ssl.no_carrier_modes.default or 0,
    )


def fit(content: Nvm, firmware: Firmware) -> None:
    """Give each value that this firmware does not have its factory value, as a change of firmware does.

    The settings of stored user profiles and the security data are judged when they are used.
    """
    profile, factory = firmware.profile, factory_nvm(firmware)
    _fit_device(content, factory, profile)
    if profile.secure_socket is not None:
        _fit_secure_socket(content, factory, profile.secure_socket)
    else:
        content.ssl_enabled = False


def _fit_device(content: Nvm, factory: Nvm, profile: Profile) -> None:
    if not profile.terminal.interface_styles.allows(content.interface_style):
        content.interface_style = factory.interface_style
    if not profile.calendar.network_time.allows(content.network_time):
        content.network_time = factory.network_time
    content.name_servers = {
        cid: servers for cid, servers in content.name_servers.items() if profile.name_service.cids.allows(cid)
    }
    content.contexts = {
        cid: definition
        for cid, definition in content.contexts.items()
        if profile.pdp.cids.allows(cid) and definition.type in profile.pdp.types
    }


def _fit_secure_socket(content: Nvm, factory: Nvm, ssl: SecureSocketProfile) -> None:
    if content.cipher_suite not in {0, *(choice.number for choice in ssl.suites)}:
        content.cipher_suite = factory.cipher_suite
    if not ssl.authentication.allows(content.authentication):
        content.authentication = factory.authentication
    kept = content.socket_configuration
    if not all(limits.allows(value) for limits, value in _configuration_limits(ssl, kept)):
        content.socket_configuration = factory.socket_configuration


def _configuration_limits(ssl: SecureSocketProfile, kept: SocketConfiguration) -> Iterable[tuple[Numeric, int]]:
    return (
        (ssl.packet_size, kept.packet_size),
        (ssl.inactivity, kept.inactivity),
        (ssl.default_timeout, kept.default_timeout),
        (ssl.transmission, kept.transmission),
        (ssl.ring_modes, kept.ring_mode),
        (ssl.no_carrier_modes, kept.no_carrier_mode),
    )
