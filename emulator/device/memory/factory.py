"""Make the factory's content of NVM, and fit a content that another firmware wrote."""

from msgspec.structs import replace

from emulator.device.memory.content import Nvm
from emulator.device.network.contexts import ContextDefinition
from emulator.device.sim.card import new_card
from emulator.device.ssl.configuration import SocketConfiguration
from emulator.firmware.limits import Numeric
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile


def factory_nvm(firmware: Firmware) -> Nvm:
    """Return the content of a new device."""
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
        card=new_card(profile),
    )


def _factory_configuration(ssl: SecureSocketProfile | None) -> SocketConfiguration:
    if ssl is None:
        return SocketConfiguration(0, 0, 0, 0)
    return SocketConfiguration(**{name: limits.default or 0 for name, limits in _configuration_limits(ssl).items()})


def fitted(content: Nvm, firmware: Firmware) -> Nvm:
    """Replace each value that this firmware lacks by its factory value, as a change of firmware does.

    Stored user profiles and security data are checked when they are used.
    """
    profile, factory = firmware.profile, factory_nvm(firmware)
    return _fitted_card(_fitted_secure_socket(_fitted_device(content, factory, profile), factory, profile), factory)


def _fitted_device(content: Nvm, factory: Nvm, profile: Profile) -> Nvm:
    pdp, names = profile.pdp, profile.name_service
    return _factory_unless(
        replace(
            content,
            name_servers={cid: servers for cid, servers in content.name_servers.items() if names.cids.allows(cid)},
            contexts={
                cid: definition
                for cid, definition in content.contexts.items()
                if pdp.cids.allows(cid) and definition.type in pdp.types
            },
        ),
        factory,
        interface_style=profile.terminal.interface_styles.allows(content.interface_style),
        network_time=profile.calendar.network_time.allows(content.network_time),
    )


def _fitted_secure_socket(content: Nvm, factory: Nvm, profile: Profile) -> Nvm:
    ssl = profile.secure_socket
    if ssl is None:
        return replace(content, ssl_enabled=False)
    kept, limits = content.socket_configuration, _configuration_limits(ssl)
    return _factory_unless(
        content,
        factory,
        cipher_suite=content.cipher_suite in {0, *(choice.number for choice in ssl.suites)},
        authentication=ssl.authentication.allows(content.authentication),
        socket_configuration=all(limit.allows(getattr(kept, name)) for name, limit in limits.items()),
    )


def _fitted_card(content: Nvm, factory: Nvm) -> Nvm:
    """Keep the last card; where the profile has another one, put it in, empty."""
    if content.card is None or factory.card is None:
        return replace(content, card=factory.card)
    if content.card.origin == factory.card.origin:
        return content
    return replace(content, card=factory.card, card_files={}, phonebook={})


def _factory_unless(content: Nvm, factory: Nvm, **fits: bool) -> Nvm:
    """Replace the fields that do not fit by their factory values."""
    return replace(content, **{name: getattr(factory, name) for name, fit in fits.items() if not fit})


def _configuration_limits(ssl: SecureSocketProfile) -> dict[str, Numeric]:
    """Return the limits of each field of the secure socket's configuration."""
    return {
        "packet_size": ssl.packet_size,
        "inactivity": ssl.inactivity,
        "default_timeout": ssl.default_timeout,
        "transmission": ssl.transmission,
        **ssl.configuration_values,
    }
