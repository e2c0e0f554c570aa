"""Context of a command handler: the device, the AT instance with its settings, and the data entry at the prompt."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import msgspec

from emulator.at.answers import Information, RawData
from emulator.at.online import DataLink
from emulator.at.prompt import Prompt, PromptData
from emulator.at.settings import Settings
from emulator.at.table import CommandTable
from emulator.commands.character_set import CharacterSet
from emulator.device.device import Device
from emulator.errors import DeviceError
from emulator.firmware.schema.profile import Profile

if TYPE_CHECKING:
    from emulator.device.mqtt.service import MqttService
    from emulator.device.ssl.service import SslService


class AtInstance(Protocol):
    """The AT instance that a command came from."""

    @property
    def settings(self) -> Settings:
        """The settings of its terminal."""

    @property
    def table(self) -> CommandTable:
        """Its commands."""

    @property
    def congested(self) -> bool:
        """Whether its host takes less than comes."""

    @property
    def in_data_mode(self) -> bool:
        """Whether its host is online."""

    async def enter(self, prompt: Prompt) -> PromptData:
        """Show `> ` and wait for the entry.

        Raises:
            EntryCancelled: the host has cancelled it; the command ends there.
        """

    async def host_takes(self) -> None:
        """Wait while the host takes less than comes."""

    def show(self, information: Information | RawData) -> None:
        """Say a part of the running command's information at once; what is left is its outcome."""

    def notify(self, text: str) -> None:
        """Send a URC as soon as no command runs."""

    def tell_connection_ended(self, reason: str) -> None:
        """Tell the trace why a connection has ended, before NO CARRIER is sent."""

    def alert(self, text: str) -> None:
        """Send a URC that means nothing later, as RING: nobody hears it in data mode, where only RI tells of it."""

    def on_hang_up(self, action: Callable[[], None]) -> None:
        """Do this, until power-off, when DTR falls that ends connections (&D)."""

    def when_idle(self, action: Callable[[], DataLink | None]) -> None:
        """Do this as soon as no command runs, nobody is in data mode, and the host takes what is said.

        A link means CONNECT, as a URC.
        """

    def typing_calls(self, action: Callable[[], None] | None) -> None:
        """Call this when the host sends anything while the command runs, and drop what it sent; None ends that."""

    def dialling(self) -> AbstractContextManager[None]:
        """Let DTR that falls end the command meanwhile, where &D says that it closes connections."""

    def multiplex(self, frame_size: int) -> None:
        """Speak 27.010 on the port once the final result has been said, with so many bytes in a frame at most.

        Raises:
            DeviceError: the instance is a channel of a multiplexer already.
        """

    def after_answer(self, action: Callable[[], None]) -> None:
        """Do this once the final result of the line has been said."""


class Context(msgspec.Struct, frozen=True):
    """Handed to each handler."""

    device: Device
    instance: AtInstance
    name: str
    """The command's name as it was typed, in upper case: the answer carries it."""

    @property
    def settings(self) -> Settings:
        """The settings of the terminal."""
        return self.instance.settings

    @property
    def profile(self) -> Profile:
        """The firmware's profile."""
        return self.device.profile

    @property
    def characters(self) -> CharacterSet:
        """The character set of the host's texts."""
        return CharacterSet(self.settings, self.profile.sms)

    def values(self, *parameters: str) -> str:
        """Describe the values of these parameters of the command, as `=?` does."""
        bound = self.instance.table.find(self.name)
        assert bound is not None, "it runs"
        return bound.values(*parameters)

    @property
    def mqtt(self) -> "MqttService":
        """Return the MQTT instances of the device; only for commands that require them."""
        mqtt = self.device.mqtt
        if mqtt is None:
            raise DeviceError(None, "this firmware has no MQTT")
        return mqtt

    @property
    def ssl(self) -> "SslService":
        """The SSL parts of the device; only for commands that require them."""
        ssl = self.device.ssl
        if ssl is None:
            raise DeviceError(None, "this firmware has no SSL")
        return ssl
