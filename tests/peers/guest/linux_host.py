"""A Linux host: pppd in the guest, with the files of examples/pppd."""

from collections.abc import Sequence
from pathlib import Path

from tests.peers.guest.qemu import Guest, Ran

_EXAMPLE = Path(__file__).parents[3] / "examples" / "pppd"
_DIAL = "OK ATD"
_TIMEOUT = 60.0
"""Seconds that pppd may take to bring the link up, or to give up."""


def call(linux: Guest, options: str = "", commands: Sequence[str] = ()) -> Ran:
    """Run pppd until the link is up, or it gives up; `commands` are sent before the dial."""
    chat = (_EXAMPLE / "telit.chat").read_text()
    linux.write("/etc/ppp/peers/telit", (_EXAMPLE / "peers").read_text())
    linux.write("/etc/ppp/telit.chat", chat.replace(_DIAL, "".join(f"OK {line}\n" for line in commands) + _DIAL))
    return linux.run(f"pppd /dev/ttyS1 115200 call telit debug updetach logfile /tmp/log {options}", _TIMEOUT)


def online(linux: Guest, options: str = "", commands: Sequence[str] = ()) -> str:
    """Run pppd until the link is up; return its log."""
    ran = call(linux, options, commands)
    assert 0 == ran.status, f"pppd ends with {ran.status}: {ran.output}\n{log(linux)}"
    return log(linux)


def log(linux: Guest) -> str:
    """Return what pppd and chat have logged so far."""
    return linux.run("cat /tmp/log").output


def hang_up(linux: Guest) -> str:
    """End pppd as `poff` does; return its log."""
    linux.ask("killall pppd")
    return ended(linux)


def ended(linux: Guest) -> str:
    """Wait until pppd is gone; return its log."""
    linux.until("! pidof pppd", _TIMEOUT)
    return log(linux)
