"""A bearer whose trace events a test keeps."""

from emulator.clock import ManualClock
from emulator.net.bearer import SystemBearer
from emulator.net.routes import Routes
from emulator.trace.events import Event
from emulator.trace.trace import Trace


def trace_into(events: list[Event]) -> Trace:
    """Make a trace that appends its events to a list."""
    trace = Trace(ManualClock())
    trace.subscribe(lambda now, event: events.append(event))
    return trace


def traced_bearer(events: list[Event], *routes: str) -> SystemBearer:
    """Make a bearer with these routes, traced into a list."""
    return SystemBearer(Routes.parse(routes), trace_into(events), ManualClock())
