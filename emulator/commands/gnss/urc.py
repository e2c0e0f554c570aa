"""URCs of the receiver: NMEA sentences, once a second ($GPSNMUN). AT Commands Reference Guide."""

from collections.abc import Callable, Sequence

from emulator.commands.context import AtInstance


def reporting(instance: AtInstance, prefix: str) -> Callable[[Sequence[str]], None]:
    """Return a reader of sentences that sends each as a URC; a host that does not listen misses some."""

    def report(sentences: Sequence[str]) -> None:
        if not (instance.in_data_mode or instance.congested):
            for sentence in sentences:
                instance.notify(f"{prefix}{sentence}")

    return report
