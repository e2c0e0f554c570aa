"""Make the factory's content of NVM, and fit a content that another firmware wrote."""

from msgspec.structs import replace

from emulator.device.memory.content import Nvm
from emulator.device.network.contexts import ContextDefinition
from emulator.device.sim.card import new_card
from emulator.device.ssl.configuration import fitted_settings
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile


def factory_nvm(firmware: Firmware) -> Nvm:
    """Return the content of a new device."""
    profile = firmware.profile
    return Nvm(
        model=firmware.model,
        contexts={context.cid: ContextDefinition(context.type, context.apn) for context in profile.pdp.factory},
        interface_style=profile.terminal.interface_styles.default or 0,
        network_time=profile.calendar.network_time.default or 0,
        card=new_card(profile),
    )


def fitted(content: Nvm, firmware: Firmware) -> Nvm:
    """Replace each value that this firmware lacks by its factory value, as a change of firmware does.

    Stored user profiles and security data are checked when they are used.
    """
    profile, factory = firmware.profile, factory_nvm(firmware)
    return _fitted_card(_fitted_secure_sockets(_fitted_device(content, factory, profile), profile), factory)


def _fitted_device(content: Nvm, factory: Nvm, profile: Profile) -> Nvm:
    pdp, names = profile.pdp, profile.name_service
    return _factory_unless(
        replace(
            content,
            name_servers={cid: servers for cid, servers in content.name_servers.items() if names.cids.allows(cid)},
            logins={cid: login for cid, login in content.logins.items() if pdp.cids.allows(cid)},
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


def _fitted_secure_sockets(content: Nvm, profile: Profile) -> Nvm:
    """Keep the settings of sockets that the firmware lacks, too: their security data may be needed again."""
    ssl, kept = profile.secure_socket, content.secure_sockets.items()
    return replace(
        content,
        secure_sockets={
            ssid: replace(settings, enabled=False) if ssl is None else fitted_settings(settings, ssl)
            for ssid, settings in kept
        },
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
