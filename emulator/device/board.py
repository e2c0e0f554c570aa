"""Model the board around the module: supply, temperature, levels at its inputs, antenna. It outlasts restarts."""

from collections.abc import Callable

from emulator.firmware.schema.hardware import Hardware


class Board:
    """Measured values, first as in the profile; listeners hear of changes that the module reports."""

    def __init__(self, profile: Hardware) -> None:
        self._profile = profile
        self.charge = profile.charge
        """Percent."""
        self.voltage = profile.voltage
        """Millivolts."""
        self.temperature = profile.temperature
        """Degrees Celsius."""
        self.converters = dict(enumerate(profile.converters, 1))
        """Millivolts at the analog inputs, by their numbers."""
        self.levels: dict[int, int] = {}
        """Levels at general purpose pins that are inputs, by their numbers; low where none is given."""
        self.input = profile.input
        """Level at the input of #GGPI."""
        self.audio_pin = profile.audio_pin
        """Level at the pin AXE."""
        self.antenna = profile.antenna
        """<presence> of #GSMAD: 0 connected, 1 short to ground, 2 short to supply, 3 open."""
        self.restart()

    def __repr__(self) -> str:
        return f"<Board {self.temperature} °C, {self.voltage} mV>"

    def restart(self) -> None:
        """Forget the listeners of the last start."""
        self.on_temperature: list[Callable[[], None]] = []
        """Called when `temperature_level` has changed."""
        self.on_antenna: list[Callable[[], None]] = []
        """Called when the state of the antenna has changed."""

    @property
    def temperature_level(self) -> int:
        """Return -2 to 2: how far the temperature is from a good one, and in which direction."""
        ranges = (self._profile.operating_temperature, self._profile.extreme_temperature)
        return sum((self.temperature > high) - (self.temperature < low) for low, high in ranges)

    def heat(self, temperature: int) -> None:
        """Set the temperature, in degrees Celsius."""
        before = self.temperature_level
        self.temperature = temperature
        if self.temperature_level != before:
            for listener in self.on_temperature:
                listener()

    def convert(self, number: int, millivolts: int) -> None:
        """Set the voltage at an analog input; one that the module lacks has no effect."""
        if number in self.converters:
            self.converters[number] = millivolts

    def set_antenna(self, state: int) -> None:
        """Set the state of the antenna."""
        if state != self.antenna:
            self.antenna = state
            for listener in self.on_antenna:
                listener()
