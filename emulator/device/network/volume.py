"""Count the data of each PDP context: in its session, and in all of them since the host has reset it (#GDATAVOL)."""

from collections import defaultdict
from contextlib import suppress

from emulator.device.memory.store import NvmStore
from emulator.device.memory.volume import Volume
from emulator.device.network.contexts import PdpContexts
from emulator.errors import DeviceError
from emulator.net.traffic import Counter

_NOTHING = Volume()


class DataVolume:
    """Counts; made anew at each start. NVM gets what a session has carried when it ends."""

    def __init__(self, store: NvmStore, contexts: PdpContexts) -> None:
        self._store = store
        self._sessions: defaultdict[int, Volume] = defaultdict(Volume)
        """By <cid>, since the context was last activated."""
        self._unkept: defaultdict[int, Volume] = defaultdict(Volume)
        """By <cid>, what NVM has not got yet."""
        contexts.on_activated.append(self._begin)
        contexts.on_lost.append(self._end)

    def __repr__(self) -> str:
        return f"<DataVolume {dict(self._sessions)}>"

    def count(self, cid: int, volume: Volume) -> None:
        """Count what a context has carried."""
        self._sessions[cid] += volume
        self._unkept[cid] += volume

    def counter(self, cid: int) -> Counter:
        """Return what counts for a context."""
        return lambda direction, size: self.count(cid, Volume(**{direction: size}))

    def of_session(self, cid: int) -> Volume:
        """Return the volume since the context was last activated."""
        return self._sessions[cid]

    def total(self, cid: int) -> Volume:
        """Return the volume of all sessions since it was reset."""
        return self._store.content.data_volumes.get(cid, _NOTHING) + self._unkept[cid]

    def reset(self) -> None:
        """Count every context from 0 again.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.data_volumes.clear()
        self._sessions.clear()
        self._unkept.clear()

    def _begin(self, cid: int) -> None:
        self._sessions[cid] = _NOTHING

    def _end(self, cid: int) -> None:
        if self._unkept[cid] == _NOTHING:
            return
        with suppress(DeviceError):  # it is tried again at the end of the next session
            total = self.total(cid)
            with self._store.change() as nvm:
                nvm.data_volumes[cid] = total
            del self._unkept[cid]
