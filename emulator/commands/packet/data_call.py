"""Data calls: ATD*99#, ATD*99***<cid>#, +CGDATA. 27.007 10.1.12 and 10.2.1.1, IP Easy User Guide 2."""

import re
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated

from emulator.at import allowed
from emulator.at.answers import FailedResult, Final
from emulator.at.command import Command
from emulator.at.online import End, OnlineTerminal
from emulator.at.parameters import Number, Word
from emulator.commands.context import Context
from emulator.commands.kinds import values_of
from emulator.commands.link import OnlineHost
from emulator.commands.packet.urc import report_end_of_call
from emulator.device.connection.states import ClosedBy, State
from emulator.device.data_call.service import CallSettings, authentications_of
from emulator.device.network.contexts import IP_CONTEXT
from emulator.errors import Cause, DeviceError

if TYPE_CHECKING:
    from emulator.device.data_call.call import DataCall

_MODIFIERS = "[TPW,!@]*"
"""Tone, pulse and waits do nothing in a packet network, wherever they stand (V.250 6.3.1)."""
_SERVICE = re.compile(rf"{_MODIFIERS}\*99(?:\*[^*#]*(?:\*(?:1|PPP)?(?:\*(?P<cid>\d*))?)?)?#{_MODIFIERS}", re.IGNORECASE)
_SERVICE_CODE = re.compile(rf"{_MODIFIERS}\*9[89](?!\d)[^;]*$", re.IGNORECASE)
"""The packet services of 27.007 10.2.1; *98 is that of IP without PPP, which these modules lack."""
_TENTHS = 10


class DataCallLink:
    """Joins a data call and the terminal."""

    takes_escape = False
    congested = False
    """A host that sends too much is held by TCP; the rest is lost, as on any network."""

    def __init__(self, at: Context, call: "DataCall") -> None:
        self._at = at
        self._call = call

    @property
    def rate(self) -> int:
        """The bits a second that CONNECT names."""
        return self._at.profile.pdp.data_calls.rate

    def begin(self, terminal: OnlineTerminal) -> None:
        """Begin or go on, behind CONNECT."""
        self._call.resume(OnlineHost(terminal, _no_carrier), self._lost_while_suspended)

    def send(self, data: bytes) -> None:
        """Send what has come from the host."""
        self._call.send(data)

    def host_writable(self) -> None:
        """Deliver what has waited."""
        self._call.host_writable()

    def escape(self) -> End:
        """Suspend the call: OK; ATO goes on, ATH ends it."""
        return Final.OK if self._call.suspend() else FailedResult.no_carrier("the data call has ended before +++")

    def hang_up(self) -> None:
        """End the call."""
        self._call.hang_up()

    def _lost_while_suspended(self, reason: ClosedBy) -> None:
        report_end_of_call(self._at.instance, reason.described)


def _no_carrier(reason: ClosedBy) -> str:
    return Final.NO_CARRIER.text


def dialled_call(at: Context, number: str) -> DataCallLink | None:
    """Make the data call that a dial string asks for; None where it is a number of another service.

    Raises:
        DeviceError: the dial string is wrong, or the device refuses the call.
    """
    dialled = _SERVICE.fullmatch(number)
    if dialled is not None:
        return make_call(at, int(dialled["cid"] or IP_CONTEXT))
    if _SERVICE_CODE.match(number):
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED, f"{number} is no packet service of this module; ATD*99***<cid># is"
        )
    return None


def make_call(at: Context, cid: int) -> DataCallLink:
    """Make a data call on a context, with the settings of #GAUTH and #GPPPCFG.

    Raises:
        DeviceError: the device refuses it.
    """
    if not at.profile.pdp.cids.allows(cid):
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"<cid> is {cid}; {allowed.numbers(at.profile.pdp.cids)}")
    own_address = at.settings["#GPPPCFG.address"]
    settings = CallSettings(
        authentications_of(at.settings["#GAUTH"]),
        IPv4Address(own_address) if own_address else None,
        at.settings["#GPPPCFG.timeout"] / _TENTHS,
    )
    return DataCallLink(at, at.device.data_calls.dial(at.instance, cid, settings))


def resumed_call(at: Context) -> DataCallLink | None:
    """Return the suspended call of this AT instance; None where there is none."""
    call = at.device.data_calls.held_by(at.instance)
    return DataCallLink(at, call) if call is not None and call.state is State.SUSPENDED else None


def end_call(at: Context) -> None:
    """End the call of this AT instance, if there is one."""
    call = at.device.data_calls.held_by(at.instance)
    if call is not None:
        call.hang_up()


enter_data_state = Command("+CGDATA", source="27.007 10.1.12", test=values_of("protocol"))


@enter_data_state.set
@enter_data_state.execute
def begin_data_call(
    at: Context,
    protocol: Annotated[str, Word(lambda profile: ("PPP",))] = "PPP",
    cid: Annotated[int, Number(lambda profile: profile.pdp.cids)] = IP_CONTEXT,
) -> DataCallLink:
    """Begin a data call on a context, as ATD*99***<cid># does.

    Args:
        protocol: The protocol of the link.
        cid: The PDP context; the first one unless given.

    Example:
        AT#SGACT=1,0
        AT+CGDATA="PPP",1
    """
    return make_call(at, cid)
