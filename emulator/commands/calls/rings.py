"""The count of rings: S1. AT Commands Reference Guide."""

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.commands.context import Context

ring_count = Command("S1", source="AT Commands Reference Guide")


@ring_count.execute
def select_register(at: Context) -> None:
    """Count the rings of a call that comes in; the host cannot set their number."""


@ring_count.read
def show_rings(at: Context) -> Information:
    """Show it, with three digits."""
    return Information.of(f"{at.device.calls.rings:03d}")
