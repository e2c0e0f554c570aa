"""Calls on hold, waiting and in conference: what +CHLD does. 27.007 7.13, 22.030 6.5.5."""

from emulator.device.calls.call import Call, CallState, CallTrigger, Release
from emulator.device.calls.service import CallService
from emulator.errors import Cause, DeviceError


def release_held(calls: CallService, owner: object) -> None:
    """Turn away the call that waits, or end those on hold.

    Raises:
        DeviceError: there is none.
    """
    if calls.coming is not None:
        calls.end(calls.coming, Release.BUSY, owner)
        return
    for call in _some(calls.in_state(CallState.HELD), "no call waits or is on hold"):
        calls.end(call, Release.NORMAL, owner)


def release_active(calls: CallService, owner: object) -> None:
    """End the active calls, and take the one that waits, or those on hold.

    Raises:
        DeviceError: there is no call.
    """
    _some(calls.in_state(CallState.ACTIVE, CallState.HELD, CallState.INCOMING, CallState.WAITING), "there is no call")
    held = calls.in_state(CallState.HELD)
    for call in calls.in_state(CallState.ACTIVE):
        calls.end(call, Release.NORMAL, owner)
    _take(calls, held, owner)


def swap(calls: CallService, owner: object) -> None:
    """Put the active calls on hold, and take the one that waits, or those on hold.

    Raises:
        DeviceError: there is no call, or one waits while others are on hold already.
    """
    active, held = calls.in_state(CallState.ACTIVE), calls.in_state(CallState.HELD)
    coming = calls.coming
    if not (active or held or coming):
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "there is no call to put on hold or to take")
    if coming and active and held:
        reason = "a call waits, and others are active and on hold already: there is room for one group on hold"
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, reason)
    for call in active:
        calls.move(call, CallTrigger.HOLD)
    _take(calls, held, owner)


def _take(calls: CallService, held: list[Call], owner: object) -> None:
    if calls.coming is not None:
        calls.answer(calls.coming, owner)
        return
    for call in held:
        calls.move(call, CallTrigger.RETRIEVED)


def release_one(calls: CallService, number: int, owner: object) -> None:
    """End one call.

    Raises:
        DeviceError: there is no such call, or it only rings.
    """
    call = calls.by_id(number)
    if call is calls.coming:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, f"call {number} only rings or waits; it has not been answered")
    calls.end(call, Release.NORMAL, owner)


def keep_one(calls: CallService, number: int) -> None:
    """Put all active calls but one on hold.

    Raises:
        DeviceError: it is not active, or others are on hold already.
    """
    call = calls.by_id(number)
    if call.state is not CallState.ACTIVE or calls.in_state(CallState.HELD):
        reason = f"call {number} is not active" if call.state is not CallState.ACTIVE else "another call is on hold"
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, reason)
    call.multiparty = False
    for other in calls.in_state(CallState.ACTIVE):
        if other is not call:
            calls.move(other, CallTrigger.HOLD)


def join(calls: CallService) -> None:
    """Add the calls on hold to the active ones.

    Raises:
        DeviceError: there are not both.
    """
    held, active = calls.in_state(CallState.HELD), calls.in_state(CallState.ACTIVE)
    if not held or not active:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "a conference needs a call on hold and an active one")
    for call in (*held, *active):
        call.multiparty = True
    for call in held:
        calls.move(call, CallTrigger.RETRIEVED)


def _some(calls: list[Call], reason: str) -> list[Call]:
    if not calls:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, reason)
    return calls
