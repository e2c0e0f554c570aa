"""Activation of PDP contexts: at once, automatic, abortable, authenticated. Guide 2.1.2, 27.007 10.1.10."""

import asyncio
from collections.abc import Coroutine, Mapping
from functools import partial
from typing import Annotated, Any

from msgspec.structs import replace

from emulator.at.answers import FailedResult, Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text
from emulator.commands.context import Context
from emulator.commands.kinds import Rows, SettingsCommand, TableCommand, attribute, column, values_of, zeros
from emulator.commands.packet.contexts import CID, ContextIds, named
from emulator.device.connection.attempt import retrieve
from emulator.device.needs.network import TiedSocket
from emulator.device.network.contexts import IP_CONTEXT, Stack
from emulator.errors import DeviceError
from emulator.firmware.limits import Numeric

_SWITCH = Numeric(choices=(0, 1))
Switch = Annotated[int, Number(_SWITCH)]


context_activation = Command("#SGACT", source="guide 2.1.2", test=values_of("cid", "state"))


@context_activation.set
async def activate_context(
    at: Context,
    cid: Annotated[int, Number(lambda profile: profile.pdp.activation_cids)],
    state: Switch,
    username: Annotated[str, Text(100)] = "",
    password: Annotated[str, Text(100, secret=True)] = "",
) -> Information | FailedResult | None:
    """Activate a context, which shows its address, or deactivate it; #SGACTCFGEXT lets the host give up meanwhile.

    Args:
        cid: The PDP context; 0 is that of circuit-switched data.
        state: 0 deactivates, 1 activates.
        username: The user, where the network wants one.
        password: Its password.

    Example:
        AT#SGACT=1,0
        AT#SGACT=1,1
    """
    if not state:
        await at.device.contexts.take_down(cid)
        return None
    if not at.device.internet.use(cid):
        raise DeviceError(
            at.profile.pdp.refusals.no_socket, f"no socket is tied to context {cid}", _tied_socket(at, cid)
        )
    attempt = at.device.contexts.activate(cid, Stack.INTERNAL, username, password)
    address = await (_abortable(at, attempt) if at.device.activations[cid].abortable else attempt)
    if address is None:
        return FailedResult.no_carrier("the host has typed something before the context was active (#SGACTCFGEXT)")
    return Information.of(f"#SGACT: {address}")


def _tied_socket(at: Context, cid: int) -> TiedSocket:
    """Return the need of a socket, the last one, on a context; its other settings stay."""
    number = max(at.device.sockets)
    kept = at.device.sockets.settings[number]
    times = kept.inactivity, kept.connection_timeout, kept.transmission
    return TiedSocket(cid, number, kept.packet_size, *times)


async def _abortable(at: Context, attempt: Coroutine[Any, Any, str]) -> str | None:
    """Wait for the address; return None when the host has typed something before there was one."""
    task = asyncio.create_task(attempt)
    at.instance.typing_calls(partial(_cancel, task))
    try:
        await asyncio.wait([task])
        return None if task.cancelled() else task.result()
    finally:
        at.instance.typing_calls(None)
        task.add_done_callback(retrieve)
        task.cancel()


@context_activation.read
def show_activation(at: Context) -> Information | None:
    """Show for each context that is defined whether it is active."""
    contexts = at.device.contexts
    lines = [f"#SGACT: {cid},{int(contexts.is_active(cid))}" for cid in contexts.definitions]
    return Information(tuple(lines)) if lines else None


def _cancel(task: asyncio.Task[str]) -> None:
    task.cancel()


def _change(at: Context, cid: int, values: Mapping[str, int]) -> None:
    at.device.activations[cid] = replace(at.device.activations[cid], **values)


_CONTEXTS = Rows(
    "cid",
    CID,
    numbers=lambda at: _numbers(at.profile.pdp.cids),
    read=lambda at, cid: at.device.activations[cid],
    change=_change,
    meaning="The PDP context.",
)


def _numbers(limits: Numeric) -> range:
    low, high = limits.range or (1, 1)
    return range(low, high + 1)


automatic_activation = TableCommand(
    "#SGACTCFG",
    "Let a context be activated after each attachment, and when the network has taken it down; report it as #SGACT.",
    source="IP Easy User Guide",
    rows=_CONTEXTS,
    retries=column(
        lambda profile: profile.pdp.retries,
        meaning="How often a failed activation is tried again; 0 switches this off.",
    ),
    delay=column(lambda profile: profile.pdp.retry_delay, FROM_PROFILE, meaning="Seconds between two attempts."),
    reported=column(lambda profile: _SWITCH, 0, meaning="1 reports an activation by the URC #SGACT."),
)
activation_abort = TableCommand(
    "#SGACTCFGEXT",
    "Let the host give up an activation by #SGACT that takes long: any character it types does so.",
    source="IP Easy User Guide",
    rows=_CONTEXTS,
    abortable=column(lambda profile: _SWITCH, meaning="1 lets the host give up."),
    unused=zeros(3),
)
authentication = SettingsCommand(
    "#SGACTAUTH",
    "Set how #SGACT authenticates: 0 not, 1 PAP, 2 CHAP; until power-off.",
    source="IP Easy User Guide",
    kind=attribute(lambda at: at.device.contexts, "authentication", lambda profile: profile.pdp.authentication),
)
easy_activation = Command("#GPRS", source="AT Commands Reference Guide")


@easy_activation.set
async def activate_first_context(at: Context, state: Switch) -> Information | None:
    """Activate context 1, which shows its address, or deactivate it.

    Args:
        state: 0 deactivates, 1 activates.

    Example:
        AT#SGACT=1,0
        AT#GPRS=1
    """
    if not state:
        await at.device.contexts.take_down(IP_CONTEXT)
        return None
    easy = at.device.easy.settings.current
    address = await at.device.contexts.activate(IP_CONTEXT, Stack.INTERNAL, easy.user, easy.password)
    return Information.of(f"+IP: {address}")


@easy_activation.read
def show_first_context(at: Context) -> Information:
    """Show whether context 1 is active."""
    return Information.of(f"#GPRS: {int(at.device.contexts.is_active(IP_CONTEXT))}")


_LONGEST_NAME = 50
easy_user = Command("#USERID", source="AT Commands Reference Guide")
easy_password = Command("#PASSW", source="AT Commands Reference Guide")


@easy_user.set
def set_easy_user(at: Context, name: Annotated[str, Text(_LONGEST_NAME)] = "") -> None:
    """Set the user name of #GPRS and #SKTOP, until power-off or, by #SKTSAV, for good.

    Example:
        AT#USERID="me"
    """
    at.device.easy.settings.change(user=name)


@easy_user.read
def show_easy_user(at: Context) -> Information:
    """Show the user name."""
    return Information.of(f'#USERID: "{at.device.easy.settings.current.user}"')


@easy_password.set
def set_easy_password(at: Context, password: Annotated[str, Text(_LONGEST_NAME, secret=True)] = "") -> None:
    """Set the password of #GPRS and #SKTOP, which is not shown; kept as the user name is.

    Example:
        AT#PASSW="secret"
    """
    at.device.easy.settings.change(password=password)


@easy_user.test
@easy_password.test
def show_longest(at: Context) -> Information:
    """Show how long it may be."""
    return Information.of(f"{at.name}: {_LONGEST_NAME}")


standard_activation = Command("+CGACT", source="27.007 10.1.10", test=values_of("state"))


@standard_activation.set
async def activate_by_standard(at: Context, state: Switch, cids: ContextIds = ()) -> None:
    """Activate or deactivate the contexts named, or every one that is defined; no socket can use them.

    Args:
        state: 0 deactivates, 1 activates.

    Example:
        AT+CGACT=1,1
    """
    contexts = at.device.contexts
    chosen = named(cids) or list(contexts.definitions)
    if not state:
        for cid in chosen:
            await contexts.take_down(cid)
        return
    inactive = [cid for cid in dict.fromkeys(chosen) if not contexts.is_active(cid)]
    for cid in inactive:
        contexts.check(cid, Stack.EXTERNAL)  # so that none is activated where one is refused
    for cid in inactive:
        await contexts.activate(cid, Stack.EXTERNAL)


@standard_activation.read
def show_standard_activation(at: Context) -> Information | None:
    """Show for each context that is defined whether it is active."""
    contexts = at.device.contexts
    lines = [f"+CGACT: {cid},{int(contexts.is_active(cid))}" for cid in contexts.definitions]
    return Information(tuple(lines)) if lines else None
