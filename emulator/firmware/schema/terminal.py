"""The schema of the AT interface: command lines, prompts, data mode and the multiplexer."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Default, Section
from emulator.firmware.schema.line import ControlLines, FlowControl


class WithoutPrefix(StrEnum):
    """The answer to a line without `AT`."""

    SILENCE = "silence"
    ERROR = "error"


class Cancelled(StrEnum):
    """The final result of a command whose data entry was cancelled by ESC."""

    OK = "OK"
    ERROR = "ERROR"


class MultiplexerTimers(Section, frozen=True, kw_only=True):
    """The last five parameters of +CMUX, all without effect."""

    acknowledgement: Default
    """<T1>, hundredths of a second."""
    retransmissions: Default
    """<N2>."""
    response: Default
    """<T2>, hundredths of a second."""
    wake_up: Default
    """<T3>, seconds."""
    window: Default
    """<k>, frames."""


class Multiplexer(Section, frozen=True, kw_only=True):
    """The multiplexer: 27.010, basic option (+CMUX)."""

    modes: Default
    """<mode> of +CMUX."""
    subsets: Default
    """<subset> of +CMUX: 0 UIH frames only."""
    speeds: Default | None = None
    """<port_speed> of +CMUX, numbered as in 27.007 and without effect; absent: no such parameter."""
    frame_sizes: Default | None = None
    """<N1> of +CMUX; absent: no such parameter."""
    timers: MultiplexerTimers | None = None
    """Absent: no such parameters."""
    channels: Annotated[int, Meta(ge=1, le=61)]
    """Number of channels that a host can open beside the control channel."""
    frame_size: Annotated[int, Meta(ge=1, le=32767)]
    """Most bytes of information in a frame (N1), unless +CMUX says less."""
    opening_timeout: Annotated[float, Meta(gt=0, le=600)]
    """Seconds in which the host must open the control channel; then the port returns to AT commands."""


class Terminal(Section, frozen=True, kw_only=True):
    """The AT interface."""

    line_limit: Annotated[int, Meta(ge=40, le=4096)]
    """Longest command line in characters, `AT` included; a longer one gets ERROR and nothing of it runs."""
    without_prefix: WithoutPrefix
    """The answer to a line without `AT`."""
    interface_styles: Default
    """The values of #SELINT."""
    escape_is_sent: bool
    """Whether the escape sequence goes to the peer as data under #SKIPESC=0."""
    line_feed_echo: bool
    """Whether the LF behind the CR of a command line is echoed while echo is on, as the CR is."""
    prompt_echo: bool
    """Whether data entered at a prompt is echoed while echo is on."""
    entry_cancelled: Cancelled
    """The answer to ESC at a prompt."""
    dtr_suspends: tuple[int, ...]
    """The &D values under which DTR's fall leaves data mode and keeps the connection."""
    dtr_closes: tuple[int, ...]
    """The &D values under which DTR's fall closes the connection; under all others nothing happens."""
    multiplexer: Multiplexer
    flow_control: FlowControl
    control_lines: ControlLines
    closing_abandons_entry: bool
    """Whether a half-typed line, an entry at a prompt and the rest of an answer are lost when the last host goes."""
