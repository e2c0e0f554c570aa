"""The schema of the times that a module takes with `--realistic`; without it, nothing but `power.boot` takes time."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Section

Seconds = Annotated[float, Meta(gt=0, le=3600)]
Rate = Annotated[int, Meta(ge=100, le=1_000_000_000)]
Spread = Annotated[
    tuple[Seconds, Seconds, Seconds],
    Meta(description="three numbers of seconds: the median, then what 5 and what 95 of 100 stay below"),
]


class Spreads(Section, frozen=True, kw_only=True):
    """A table of spreads, each with its median between the two others."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            for key, spread in value.items() if isinstance(value, dict) else ((name, value),):
                if isinstance(spread, tuple) and len(spread) == 3 and not spread[1] <= spread[0] <= spread[2]:
                    raise ValueError(f"`{key}` is {list(spread)}: the median does not lie between the two others")


class PowerTimes(Spreads, frozen=True, kw_only=True):
    """Start and stop."""

    cold: Spread
    """From power-on until the port answers."""
    warm: Spread
    """From the OK of a restart until the port answers; without `--realistic` it is `power.boot`."""
    off: Spread
    """From the OK of #SHDN until the power is off."""


class CardTimes(Spreads, frozen=True, kw_only=True):
    """The card at a start, from the time at which the port answers."""

    ready: Spread
    """Until the card answers; before that it is busy."""
    records: Spread
    """Until phonebook and short messages can be read."""


class RegistrationTimes(Spreads, frozen=True, kw_only=True):
    """Search and registration, from the time at which the card is ready."""

    cold: Spread
    """Until a network is found for the first time."""
    warm: Spread
    """Until it is found again."""
    packet: Spread
    """From the registration until the module is attached."""


class ContextTimes(Spreads, frozen=True, kw_only=True):
    """PDP contexts, whoever activates them."""

    activate: Spread
    """Until the network has activated a context."""
    refuse: Spread
    """Until it has refused that."""
    deactivate: Spread
    """Until a command has deactivated one."""


class CommandTimes(Spreads, frozen=True, kw_only=True):
    """From a command to its answer."""

    plain: Spread
    """Every line."""
    nvm: Spread
    """What a command takes more that has written to non-volatile memory, and has no time of its own."""
    http_result: Spread | None = None
    """From the data of #HTTPRCV to its OK; absent: nothing."""
    own: dict[str, Spread]
    """What a command takes more, by what is typed: `+CIMI`, `+CPIN=`, `+CFUN=4`, `+COPS=?`; `+CMGS>` after an entry."""


class RadioTimes(Spreads, frozen=True, kw_only=True):
    """The packet network: names, dials, handshakes, FTP, HTTP and data take as long as their bytes on it."""

    round_trip: Spread
    """There and back, for each connection anew."""
    wake: Spread
    """What comes on top when nothing has passed for `idle_after`."""
    idle_after: Seconds
    """Seconds without data after which the radio rests."""
    up: Rate
    """Bits a second from the module."""
    down: Rate
    """Bits a second to the module."""


ByMode = Annotated[tuple[Seconds, ...], Meta(min_length=1)]


class ComputingTimes(Section, frozen=True, kw_only=True):
    """The computing in a TLS handshake. Other keys take (bits / 2048)² and (bits / 2048)³ of it."""

    public: ByMode
    """Seconds of an RSA operation with a public key of 2048 bits, by #CPUMODE; the last for all higher ones."""
    private: ByMode
    """Seconds of an RSA operation with a private key of 2048 bits, in the same way."""
    rest: Seconds
    """Seconds of all else."""


class Times(Spreads, frozen=True, kw_only=True):
    """How long things take with `--realistic`: what is seen in the field, never the vendor's longest times."""

    factor: Annotated[float, Meta(gt=0, le=100)]
    """All of them are multiplied by this."""
    start: PowerTimes
    card: CardTimes
    registration: RegistrationTimes
    contexts: ContextTimes
    commands: CommandTimes
    ringing: Spread
    """From ATD until the other side rings, on top of `calls.rings_after`."""
    radio: RadioTimes
    computing: ComputingTimes
