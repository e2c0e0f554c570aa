"""The second PIN of the card, which guards fixed dialling numbers. 51.011 9.2.9 to 9.2.13."""

from collections.abc import Callable

from emulator.device.memory.record import Record
from emulator.errors import Cause, DeviceError

PIN_TRIES, PUK_TRIES = 3, 10
_BLOCKED = "the PIN2 was wrong too often: only an instruction with the PUK2 unblocks it (51.011 9.2.13)"


class SecondPinMemory(Record, frozen=True):
    """Memory of the second PIN: the PIN and the tries left."""

    pin: str
    tries: int = PIN_TRIES
    puk_tries: int = PUK_TRIES


class SecondPin:
    """The second PIN; who has given it is forgotten at the next start."""

    def __init__(self, puk: str, read: Callable[[], SecondPinMemory], write: Callable[[SecondPinMemory], None]) -> None:
        self._puk = puk
        self._read = read
        self._write = write
        self.verified = False
        """Whether it has been given."""

    def __repr__(self) -> str:
        return f"<SecondPin, {self.tries} tries left>"

    @property
    def tries(self) -> int:
        """Return the tries left for the PIN."""
        return self._read().tries

    @property
    def puk_tries(self) -> int:
        """Return the tries left for the PUK."""
        return self._read().puk_tries

    def verify(self, code: str) -> None:
        """Give the PIN.

        Raises:
            DeviceError: it is wrong or blocked, or the memory fails.
        """
        self._compare(code, None)

    def change(self, old: str, new: str) -> None:
        """Give the card another one.

        Raises:
            DeviceError: the old one is wrong or blocked, or the memory fails.
        """
        self._compare(old, new)

    def _compare(self, code: str, new: str | None) -> None:
        kept = self._read()
        if kept.tries == 0:
            raise DeviceError(Cause.SIM_PUK2_REQUIRED, _BLOCKED)
        if code != kept.pin:
            self._write(SecondPinMemory(kept.pin, kept.tries - 1, kept.puk_tries))
            self.verified = False
            raise DeviceError(Cause.INCORRECT_PASSWORD, f"the PIN2 is wrong; tries left: {kept.tries - 1}")
        self._write(SecondPinMemory(new or kept.pin, PIN_TRIES, kept.puk_tries))
        self.verified = True

    def unblock(self, puk: str, new: str) -> None:
        """Give the card another one by its PUK.

        Raises:
            DeviceError: the PUK is wrong or used up, or the memory fails.
        """
        kept = self._read()
        if kept.puk_tries == 0:
            raise DeviceError(Cause.SIM_FAILURE, "the PUK2 was wrong too often: the card has no PIN2 any more")
        if puk != self._puk:
            self._write(SecondPinMemory(kept.pin, kept.tries, kept.puk_tries - 1))
            raise DeviceError(Cause.INCORRECT_PASSWORD, f"the PUK2 is wrong; tries left: {kept.puk_tries - 1}")
        self._write(SecondPinMemory(new, PIN_TRIES, PUK_TRIES))
        self.verified = True
