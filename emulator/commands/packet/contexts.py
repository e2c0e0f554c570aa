"""PDP contexts: definition and addresses. Guide 2.1.1, 27.007 10.1, IP Easy User Guide."""

from collections.abc import Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import IPv4AddressOrNone, Number, Repeated, Text, Word, between
from emulator.commands.context import Context
from emulator.device.needs.network import DefinedContext
from emulator.device.network.contexts import ContextDefinition
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.packet import Pdp

CID = Number(lambda profile: profile.pdp.cids)
ContextId = Annotated[int, CID, "The PDP context."]
ContextIds = Annotated[
    Sequence[int | None], Repeated(CID, 5), "The PDP contexts; none stands for each that is defined."
]

context_definition = Command("+CGDCONT", source="27.007 10.1.1, guide 2.1.1")


@context_definition.set
def define_context(
    at: Context,
    cid: ContextId | None = None,
    kind: Annotated[str, Word(lambda profile: profile.pdp.types)] | None = None,
    apn: Annotated[str, Text(100)] = "",
    address: Annotated[str, IPv4AddressOrNone()] = "",
    data_compression: Annotated[int, between(0, 1)] = 0,
    header_compression: Annotated[int, between(0, 1)] = 0,
    address_allocation: Annotated[int, Number(lambda profile: profile.pdp.address_allocations)] = 0,
    request_type: Annotated[int, Number(lambda profile: profile.pdp.request_types)] = 0,
) -> None:
    """Define a PDP context; the number alone undefines it.

    Args:
        kind: The type of the context.
        apn: The access point name.
        address: The address that is asked for; empty lets the network choose.
        data_compression: 0 off, 1 on; without effect.
        header_compression: 0 off, 1 on; without effect.
        address_allocation: How an IPv4 address is allocated; without effect.
        request_type: What the context is for; without effect.

    Example:
        AT+CGDCONT=2,"IP","two"
    """
    if cid is None:
        return
    compression = data_compression, header_compression
    values = apn, address, *compression, address_allocation, request_type
    at.device.contexts.define(cid, None if kind is None else ContextDefinition(kind, *values))


@context_definition.read
@context_definition.execute
def show_definitions(at: Context) -> Information | None:
    """Show each context that is defined; some lines show the others, too."""
    lines = [_definition_line(at.profile.pdp, cid, entry) for cid, entry in at.device.contexts.definitions.items()]
    return Information(tuple(lines)) if lines else None


def _definition_line(profile: Pdp, cid: int, entry: ContextDefinition) -> str:
    address = entry.address or profile.empty_addresses.get(entry.type, "")
    compressions = f"{entry.data_compression},{entry.header_compression}"
    allocation = "" if profile.address_allocations is None else f",{entry.address_allocation}"
    request = "" if profile.request_types is None else f",{entry.request_type}"
    return f'+CGDCONT: {cid},"{entry.type}","{entry.apn}","{address}",{compressions}{allocation}{request}'


@context_definition.test
def test_definition(at: Context) -> Information:
    """Show the values, a line for each type (27.007 10.1.1)."""
    cid = at.values("cid")
    compressions, rest = ("data_compression", "header_compression"), ("address_allocation", "request_type")
    others = at.values("apn", "address", *compressions, *rest)
    return Information(tuple(f'+CGDCONT: {cid},"{kind}",{others}' for kind in at.profile.pdp.types))


def named(cids: Sequence[int | None]) -> list[int]:
    """Return the contexts that a command names, without those that were left out."""
    return [cid for cid in cids if cid is not None]


def named_contexts(at: Context, cids: Sequence[int | None] = ()) -> list[int]:
    """Return the contexts that a command names; every one that is defined when it names none.

    Raises:
        DeviceError: one of them is not defined.
    """
    contexts = at.device.contexts
    chosen = named(cids)
    for cid in chosen:
        if cid not in contexts.definitions:
            raise DeviceError(Cause.OPERATION_NOT_ALLOWED, f"context {cid} is not defined", DefinedContext(cid))
    return chosen or list(contexts.definitions)


def defined_contexts(at: Context) -> Information:
    """Answer `=?` by the contexts that are defined, not by those that could be (27.007 10.1.14)."""
    return Information.of(f"{at.name}: ({','.join(map(str, at.device.contexts.definitions))})")


def _address_command(name: str, source: str) -> Command:
    command = Command(name, source=source, test=defined_contexts)

    @command.execute
    @command.set
    def show_address(at: Context, cids: ContextIds = ()) -> Information | None:
        """Show the address of the contexts named, or of every one that is defined."""
        contexts = at.device.contexts
        lines = [f'{at.name}: {cid},"{contexts.address(cid)}"' for cid in named_contexts(at, cids)]
        return Information(tuple(lines)) if lines else None

    return command


context_address = _address_command("#CGPADDR", "IP Easy User Guide")
standard_context_address = _address_command("+CGPADDR", "27.007 10.1.14")
