"""PDP contexts: definition and addresses. Guide 2.1.1, 27.007 10.1, IP Easy User Guide."""

from collections.abc import Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import IPv4AddressOrNone, Number, Repeated, Text, Word, between
from emulator.commands.context import Context
from emulator.device.needs import DefinedContext
from emulator.device.network.contexts import ContextDefinition
from emulator.errors import Cause, DeviceError

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
) -> None:
    """Define a PDP context; the number alone undefines it.

    Args:
        kind: The type of the context.
        apn: The access point name.
        address: The address that is asked for; empty lets the network choose.
        data_compression: 0 off, 1 on; without effect.
        header_compression: 0 off, 1 on; without effect.

    Example:
        AT+CGDCONT=2,"IP","two"
    """
    if cid is None:
        return
    new = None if kind is None else ContextDefinition(kind, apn, address, data_compression, header_compression)
    at.device.contexts.define(cid, new)


@context_definition.read
@context_definition.execute
def show_definitions(at: Context) -> Information | None:
    """Show each context that is defined."""
    lines = [
        f'+CGDCONT: {cid},"{entry.type}","{entry.apn}","{entry.address}",'
        f"{entry.data_compression},{entry.header_compression}"
        for cid, entry in at.device.contexts.definitions.items()
    ]
    return Information(tuple(lines)) if lines else None


@context_definition.test
def test_definition(at: Context) -> Information:
    """Show the values, a line for each type (27.007 10.1.1)."""
    cid, others = at.values("cid"), at.values("apn", "address", "data_compression", "header_compression")
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
