"""URCs of the receiver: NMEA sentences, once a second ($GPSNMUN). AT Commands Reference Guide."""

from collections.abc import Callable, Sequence

from emulator.commands.context import AtInstance
from emulator.device.gnss.output import NmeaOutput, Selection


def reporting(
    output: NmeaOutput, instance: AtInstance, selection: Selection, prefix: str
) -> Callable[[Sequence[str]], None]:
    """Return a reader of sentences that sends each as a URC; a host that does not listen gets the latest ones alone."""
    waiting: list[str] = []

    def send() -> None:
        if output.selection(instance) is selection:
            for sentence in waiting:
                instance.notify(f"{prefix}{sentence}")
        waiting.clear()

    def report(sentences: Sequence[str]) -> None:
        is_due = bool(waiting)
        waiting[:] = sentences
        if not is_due:
            instance.when_idle(send)

    return report
