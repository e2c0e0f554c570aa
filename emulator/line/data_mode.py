"""Data mode of an AT instance: the link to a peer, the way in by CONNECT, and the ways out. V.250 6.2.9 and 6.3.1."""

from typing import TYPE_CHECKING

from emulator.at.answers import Final
from emulator.at.online import DataLink
from emulator.at.terminal import Mode
from emulator.line.dtr import HUNG_UP, ChannelDtr, Leave, PortDtr, close

if TYPE_CHECKING:
    from emulator.line.instance import Instance


class DataMode:
    """Carry data between the host and a link, for which it is the `OnlineTerminal`."""

    def __init__(self, instance: "Instance", dtr: PortDtr | ChannelDtr) -> None:
        self._instance = instance
        self._dtr = dtr
        self.link: DataLink | None = None
        """The link, while there is data mode."""
        self._left_meanwhile: Leave | None = None
        """The way in which DTR has left data mode before the running line could enter it."""

    def __repr__(self) -> str:
        return f"<DataMode of {self._instance.name} on {self.link!r}>"

    def line_begins(self) -> None:
        """Begin a command line: how DTR fell before it does not matter."""
        self._left_meanwhile = None

    def stop(self) -> None:
        """Leave the link without a word, because the power has gone."""
        self.link = None

    # From the host.

    def send(self, data: bytes) -> None:
        """Send data to the peer, if there is one."""
        if self.link is not None:
            self.link.send(data)

    def host_writable(self) -> None:
        """Let the peer go on, for which the host was too slow."""
        if self.link is not None:
            self.link.host_writable()

    # From the link.

    @property
    def congested(self) -> bool:
        """See `at.online.OnlineTerminal`; nobody takes data that comes outside data mode."""
        return self._instance.host.congested or self._instance.terminal.mode is not Mode.ONLINE

    def deliver(self, data: bytes) -> None:
        """See `at.online.OnlineTerminal`."""
        self._instance.terminal.send_online(data)
        self._instance.flush()

    def writable(self) -> None:
        """See `at.online.OnlineTerminal`."""
        self._instance.pump()

    def drop_carrier(self, text: str, reason: str) -> None:
        """See `at.online.OnlineTerminal`."""
        self.link = None
        if not self._instance.device.power.running:
            return
        self._instance.refusals.connection_ended(reason)
        terminal = self._instance.terminal
        if terminal.mode is Mode.ONLINE:
            terminal.drop_carrier(text)
        elif not terminal.line_is_abandoned:
            terminal.notify(text)  # suspending it has ended it: sent after the answer to +++
        self._instance.pump()

    # The way in.

    def begin(self, link: DataLink) -> None:
        """Send CONNECT, and let the link deliver; not if DTR has fallen since the line began."""
        self.link = link
        instance = self._instance
        if self._left_meanwhile is not None and instance.terminal.mode is Mode.EXECUTING:
            self._pass_over(link, self._left_meanwhile)
            return
        now = instance.device.environment.clock.now()
        instance.terminal.go_online(now, sends_escape=link.takes_escape, rate=link.rate)
        try:
            link.begin(self)  # before CONNECT is sent: what that sets off may end the connection
        except Exception as error:
            instance.give_up(error)
        instance.flush()

    def _pass_over(self, link: DataLink, leave: Leave) -> None:
        """Leave data mode without CONNECT: whoever is there now has not asked for it."""
        link.begin(self)
        ended, self.link = self.link is None, None
        if ended:
            self._abandon_for_nobody()
            self._instance.terminal.finish(Final.NO_CARRIER)  # why has been told by `drop_carrier`
        else:
            self._leave(link, leave)

    # The ways out.

    def escape(self) -> None:
        """Suspend or end the connection after the escape sequence."""
        link, self.link = self.link, None
        self._instance.interpreter.leave_data_mode(link.escape() if link is not None else Final.OK)

    def dtr_falls(self) -> None:
        """Leave data mode or end a dial, as &D says; a host that is still there gets the result. V.250 6.2.9."""
        instance = self._instance
        leave = self._dtr.reaction(host_has_gone=instance.host.has_gone)
        if not instance.device.power.running or leave is None:
            return
        link, self.link = self.link, None
        if leave is close:
            instance.requests.hang_up()
        if link is not None:
            instance.terminal.suspend()
            self._leave(link, leave)
        elif instance.terminal.mode is not Mode.COMMAND:
            self._left_meanwhile = leave
            self.dial_begins()

    def dial_begins(self) -> None:
        """End the dial that runs, if DTR has fallen since its line began."""
        if self._instance.requests.dials and self._left_meanwhile is close:
            self._abandon_for_nobody()
            self._instance.interpreter.break_off(HUNG_UP)

    def _leave(self, link: DataLink, leave: Leave) -> None:
        self._abandon_for_nobody()
        self._instance.interpreter.leave_data_mode(leave(link))

    def _abandon_for_nobody(self) -> None:
        if self._instance.host.has_gone:
            self._instance.terminal.abandon_line()
