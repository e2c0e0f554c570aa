"""Contexts of networks with LTE: +CGCONTRDP, +CGAUTH, +CGPIAF. 27.007 10.1.23, 10.1.31 and 10.1.43."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text, between
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting
from emulator.commands.packet.contexts import ContextId, named_contexts
from emulator.device.network.contexts import ContextLogin

_FIRST_BEARER = 5
"""The lowest identity of a bearer (24.301 9.3.2)."""

_LTE = "network.eutran_cell"

context_parameters = Command("+CGCONTRDP", source="27.007 10.1.23", requires=_LTE)


@context_parameters.execute
@context_parameters.set
def show_parameters(at: Context, cid: ContextId | None = None) -> Information | None:
    """Show what the network has given a context, or every one that is active: bearer, APN, address, name servers."""
    contexts = at.device.contexts
    chosen = contexts.active if cid is None else named_contexts(at, [cid])
    lines = tuple(_parameters(at, one) for one in sorted(chosen) if contexts.is_active(one))
    return Information(lines) if lines else None


@context_parameters.test
def list_active(at: Context) -> Information:
    """Show the contexts that are active."""
    return Information.of(f"+CGCONTRDP: ({','.join(map(str, sorted(at.device.contexts.active)))})")


def _parameters(at: Context, cid: int) -> str:
    """Format a line; the gateway is left empty: a point-to-point link has none."""
    contexts, servers = at.device.contexts, at.device.name_service.network_servers(cid)
    bearer = _FIRST_BEARER + contexts.active.index(cid)
    definition = contexts.definitions.get(cid)
    default = at.profile.pdp.default_bearer
    apn = (definition.apn if definition else "") or (default.apn if default else "")
    return f'+CGCONTRDP: {cid},{bearer},"{apn}","{contexts.address(cid)}",,"{servers.primary}","{servers.secondary}"'


context_login = Command("+CGAUTH", source="27.007 10.1.31")


@context_login.set
def set_login(
    at: Context,
    cid: ContextId,
    kind: Annotated[int, between(0, 2)] = 0,
    username: Annotated[str, Text(64)] = "",
    password: Annotated[str, Text(64, secret=True)] = "",
) -> None:
    """Set how a context authenticates, with user name and password; kept in NVM. The number alone forgets them.

    Args:
        kind: 0 not, 1 PAP, 2 CHAP.
        username: The user name.
        password: The password.

    Example:
        AT+CGAUTH=1,1,"user","secret"
    """
    at.device.contexts.authenticate(cid, ContextLogin(kind, username, password) if kind else None)


@context_login.read
def show_logins(at: Context) -> Information | None:
    """Show them, a line for each context that authenticates."""
    lines = tuple(
        f'+CGAUTH: {cid},{login.type},"{login.username}","{login.password}"'
        for cid, login in sorted(at.device.nvm.logins.items())
    )
    return Information(lines, secret=True) if lines else None


address_format = SettingsCommand(
    "+CGPIAF",
    "Set how IPv6 addresses are printed, and keep it; the network gives none.",
    source="27.007 10.1.43",
    requires=_LTE,
    form=setting("+CGPIAF.form", "0 numbers with dots, 1 groups with colons."),
    subnet=setting("+CGPIAF.subnet", "0 the subnet mask with dots, 1 as a prefix."),
    leading_zeros=setting("+CGPIAF.leading_zeros", "0 leading zeros are left out, 1 printed."),
    compress_zeros=setting("+CGPIAF.compress_zeros", "0 groups of zeros are printed, 1 compressed."),
)
