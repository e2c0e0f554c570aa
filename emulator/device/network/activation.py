"""Activate PDP contexts without a command: #SGACTCFG. IP Easy User Guide."""

import asyncio
from collections.abc import Callable

from emulator.device.environment import Environment
from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import PdpContexts, Stack
from emulator.device.network.registration import Network
from emulator.errors import DeviceError
from emulator.firmware.schema.packet import Pdp as PdpProfile
from emulator.trace.defect import reporting_task


class ContextActivation(Record, frozen=True):
    """What #SGACTCFG and #SGACTCFGEXT have set for a context."""

    retries: int
    delay: int
    """Seconds."""
    reported: int = 0
    abortable: int = 0


class AutomaticActivation:
    """Activates contexts after each attachment, and again when the network has deactivated them."""

    def __init__(
        self,
        profile: PdpProfile,
        store: NvmStore,
        contexts: PdpContexts,
        network: Network,
        is_tied: Callable[[int], bool],
        environment: Environment,
    ) -> None:
        """`is_tied` tells whether a socket uses a context: others are left alone."""
        self._profile = profile
        self._store = store
        self._contexts = contexts
        self._network = network
        self._is_tied = is_tied
        self._environment = environment
        self._attempts: dict[int, asyncio.Task[None]] = {}
        self.on_activated: list[Callable[[str], None]] = []
        """Called with the address of a context whose activation is to be reported."""
        network.on_attachment.append(self._attachment_changed)
        contexts.on_dropped.append(self._begin)

    def __repr__(self) -> str:
        return f"<AutomaticActivation, at work for {sorted(self._attempts)}>"

    def __getitem__(self, cid: int) -> ContextActivation:
        profile, kept = self._profile, self._store.content.activations.get(cid)
        if kept is not None and profile.retries.allows(kept.retries) and profile.retry_delay.allows(kept.delay):
            return kept
        return ContextActivation(profile.retries.default or 0, profile.retry_delay.default or 0)

    def __setitem__(self, cid: int, configuration: ContextActivation) -> None:
        """Write a configuration; without retries, end the attempts that are going on.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.activations[cid] = configuration
        if not configuration.retries:
            self._give_up(cid)

    def begin(self) -> None:
        """Begin to activate the configured contexts, if the device is attached."""
        if self._network.attached:
            for cid in self._contexts.definitions:
                self._begin(cid)

    def stop(self) -> None:
        """Cancel every attempt."""
        for cid in list(self._attempts):
            self._give_up(cid)

    def _attachment_changed(self, asked_by: object | None) -> None:
        self.stop()
        self.begin()

    def _begin(self, cid: int) -> None:
        self._give_up(cid)
        if self[cid].retries and self._is_tied(cid) and not self._contexts.is_active(cid):
            trace, work = self._environment.trace, self._activate(cid, self[cid])
            self._attempts[cid] = reporting_task(trace, "an automatic activation", work)

    def _give_up(self, cid: int) -> None:
        if (attempt := self._attempts.pop(cid, None)) is not None:
            attempt.cancel()

    async def _activate(self, cid: int, configuration: ContextActivation) -> None:
        for attempt in range(configuration.retries):
            if attempt:
                await self._environment.clock.sleep(configuration.delay)
            if self._contexts.is_active(cid):
                return
            try:
                address = await self._contexts.activate(cid, Stack.INTERNAL)
            except DeviceError:
                continue
            if self[cid].reported:
                for listener in self.on_activated:
                    listener(address)
            return
