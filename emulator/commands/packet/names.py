"""Names and name servers: #QDNS, #DNS, #NWDNS, #CACHEDNS. IP Easy User Guide 6, AT Commands Reference Guide."""

from collections.abc import Callable
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import IPv4Address, Number, Text
from emulator.commands.context import Context
from emulator.commands.kinds import no_values, single_setting, stored
from emulator.commands.packet.contexts import ContextIds, defined_contexts, named_contexts
from emulator.device.network.names import AUTOMATIC, NameServers

Server = Annotated[str, IPv4Address()]

name_query = Command("#QDNS", source="AT Commands Reference Guide", test=no_values)


@name_query.set
async def resolve_name(at: Context, host: Annotated[str, Text(255, pattern=".+", form="not empty")]) -> Information:
    """Resolve the name of a host by context 1, and show the address.

    Args:
        host: The name.

    Example:
        AT#QDNS="echo.lab"
    """
    return Information.of(f'#QDNS: "{host}","{await at.device.name_service.resolve(host)}"')


name_servers = Command("#DNS", source="IP Easy User Guide 6")


@name_servers.set
def choose_servers(
    at: Context,
    cid: Annotated[int, Number(lambda profile: profile.name_service.cids)],
    primary: Server,
    secondary: Server = AUTOMATIC.secondary,
) -> None:
    """Set the name servers of a context, kept in NVM; 0.0.0.0 leaves them to the network.

    Args:
        cid: The PDP context.
        primary: The address of the first name server; 0.0.0.0 leaves it to the network.
        secondary: That of the second one.

    Example:
        AT#DNS=1,"10.0.0.1","10.0.0.2"
    """
    at.device.name_service.choose_servers(cid, NameServers(primary, secondary))


@name_servers.read
def show_servers(at: Context) -> Information | None:
    """Show the name servers set for each context that is defined."""
    return _listed(at, list(at.device.contexts.definitions), at.device.name_service.chosen_servers)


network_name_servers = Command("#NWDNS", source="AT Commands Reference Guide", test=defined_contexts)


@network_name_servers.execute
@network_name_servers.set
def show_network_servers(at: Context, cids: ContextIds = ()) -> Information | None:
    """Show the name servers that the network has given the contexts named, or every one that is defined."""
    return _listed(at, named_contexts(at, cids), at.device.name_service.network_servers)


def _listed(at: Context, cids: list[int], of: Callable[[int], NameServers]) -> Information | None:
    lines = [f'{at.name}: {cid},"{of(cid).primary}","{of(cid).secondary}"' for cid in cids]
    return Information(tuple(lines)) if lines else None


name_cache = single_setting(
    stored("#CACHEDNS"),
    "Set whether resolved names are kept (1); every name is resolved anew.",
    source="AT Commands Reference Guide",
)
