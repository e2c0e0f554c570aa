"""Notes the situation of a module and one of its AT instances: what it could say or lose at this moment."""

from collections.abc import Iterator, Mapping

import msgspec

from emulator.device.connection.states import State
from emulator.device.device import Device
from emulator.line.instance import Instance

_OPEN = (State.SUSPENDED, State.ONLINE)


class OpenSocket(msgspec.Struct, frozen=True):
    """A socket with a connection."""

    secure: bool
    """Whether it is one of the #SSL commands."""
    number: int
    """<SSId> or <connId>."""
    in_data_mode: bool
    waiting: int
    """Bytes that the host has not read yet."""
    ring_mode: int
    """<srMode>, or that of #SSLCFG."""


class Situation(msgspec.Struct, frozen=True):
    """What holds for an AT instance at a moment."""

    settings: Mapping[str, int]
    """Those of the AT instance, by name, as in `+CREG`."""
    registration: int
    """<stat> of +CREG."""
    packet_registration: int
    eps_registration: int
    area: str
    cell: str
    technology: int | None
    """<AcT>; None where the firmware does not print it."""
    packet_technology: int | None
    """<nt> of #PSNT."""
    contexts: tuple[int, ...]
    """Each <cid> that is active."""
    sockets: tuple[OpenSocket, ...]
    calls: int
    """How many voice calls there are."""

    @property
    def registered(self) -> bool:
        """Return whether the module is registered, at home or roaming."""
        return self.registration in (1, 5)


class DeviceFacts(msgspec.Struct, frozen=True):
    """What holds for a module in the whole run."""

    firmware: str = ""
    """`MODEL@VERSION`."""
    voice: bool = False
    """Whether it has voice calls."""
    lte: bool = False
    """Whether the network activates a context as it attaches."""
    cpu_modes: bool = False
    """Whether #CPUMODE can make its processor quicker."""
    restart: float = 0.0
    """Seconds from a restart until the module answers and is registered again."""
    register: float = 0.0
    """Seconds from the return of the network until the module is registered and attached."""
    card: float = 0.0
    """Seconds from the return of the SIM card until the module is registered and attached."""


def situation_of(instance: Instance) -> Situation:
    """Return the situation of an AT instance now."""
    device = instance.device
    network = device.network
    return Situation(
        settings=dict(instance.settings),
        registration=network.registration,
        packet_registration=network.packet_registration,
        eps_registration=network.eps_registration,
        area=network.place[0],
        cell=network.place[1],
        technology=network.technology,
        packet_technology=network.packet_technology,
        contexts=tuple(device.contexts.active),
        sockets=tuple(_open_sockets(device)),
        calls=len(list(device.calls)),
    )


def _open_sockets(device: Device) -> Iterator[OpenSocket]:
    if device.ssl is not None:
        for number, secure in device.ssl.sockets.items():
            if secure.state in _OPEN:
                online = secure.state is State.ONLINE
                yield OpenSocket(True, number, online, secure.pending, secure.settings.configuration.ring_mode)
    for number, plain in device.sockets.made.items():
        if plain.state in _OPEN:
            online = plain.state is State.ONLINE
            yield OpenSocket(False, number, online, plain.pending, device.sockets.settings[number].ring_mode)


def facts_of(device: Device) -> DeviceFacts:
    """Return what holds for a module in the whole run; times are those that 95 of 100 stay below."""
    profile, times = device.profile, device.environment.pace.times
    factor = times.factor if times is not None else 1.0
    register = factor * (times.registration.warm[2] + times.registration.packet[2]) if times is not None else 0.0
    card = register + (factor * times.card.ready[2] if times is not None else 0.0)
    return DeviceFacts(
        firmware=device.firmware.name,
        voice=profile.calls.voice,
        cpu_modes=profile.power.cpu_modes is not None,
        lte=profile.pdp.default_bearer is not None,
        restart=card + (factor * times.start.cold[2] if times is not None else profile.power.boot),
        register=register,
        card=card,
    )
