"""The transactions of NVM: all of a change is written, or nothing; and nobody writes without one."""

import asyncio

import msgspec
import pytest

from emulator.device.memory.content import Nvm
from emulator.device.memory.factory import factory_nvm
from emulator.device.memory.settings import UserProfile
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import ContextDefinition
from emulator.device.sim.phonebook import PhonebookEntry
from emulator.errors import Cause, DeviceError
from emulator.firmware.loader import load_firmware

_FACTORY = factory_nvm(load_firmware("HE910"))


class _FullStore(NvmStore):
    """A store whose disk is full."""

    def _keep(self, encoded: bytes) -> None:
        raise OSError(28, "No space left on device")


def test_a_change_is_there_when_its_block_has_ended() -> None:
    """What was read before goes on showing what was there before."""
    store = NvmStore(_FACTORY)
    before = store.content
    with store.change() as nvm:
        nvm.restart_mode = 3
        nvm.contexts[2] = ContextDefinition("IP", "two")
        nvm.phonebook.setdefault("SM", {})[1] = PhonebookEntry("123", 129)
        assert store.content is before
    assert (3, "two") == (store.content.restart_mode, store.content.contexts[2].apn)
    assert _FACTORY == before


@pytest.mark.parametrize("kind", ["full", "power"])
def test_a_change_that_cannot_be_written_has_not_been_made(kind: str) -> None:
    """The content is the same object as before, and the next change works on it."""
    store = _FullStore(_FACTORY) if kind == "full" else NvmStore(_FACTORY)
    cuts: list[Nvm] = []
    if kind == "power":
        store.power_failure = lambda: lambda: cuts.append(store.content)
    with pytest.raises(DeviceError) as caught, store.change() as nvm:
        nvm.contexts.clear()
    assert Cause.MEMORY_FAILURE is caught.value.cause
    assert _FACTORY is store.content
    assert [_FACTORY] * (kind == "power") == cuts


def test_a_block_that_fails_changes_nothing() -> None:
    """Whatever it has done before; the store can be changed again."""
    store = NvmStore(_FACTORY)
    with pytest.raises(KeyError), store.change() as nvm:
        nvm.restart_mode = 3
        del nvm.contexts[99]
    with store.change() as nvm:
        assert _FACTORY.restart_mode == nvm.restart_mode
    assert _FACTORY == store.content


def test_a_change_within_a_change_is_refused() -> None:
    """Its end would not be the end of both, so that they belong into one; nothing of either is kept."""
    store = NvmStore(_FACTORY)
    with pytest.raises(RuntimeError, match="put both changes into one"), store.change() as nvm:
        nvm.restart_mode = 3
        with store.change() as inner:
            inner.restart_delay = 1
    assert _FACTORY is store.content


async def test_a_change_that_waits_is_seen_by_the_next_one() -> None:
    """Two tasks cannot have a change open at the same time."""
    store = NvmStore(_FACTORY)

    async def waiting() -> None:
        with store.change() as nvm:
            nvm.restart_mode = 3
            await asyncio.sleep(0)

    first = asyncio.create_task(waiting())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError), store.change():
        raise AssertionError("it has begun")
    await first
    assert 3 == store.content.restart_mode


@pytest.mark.parametrize(("name", "value"), [("restart_mod", 3), ("restart_mode", "3"), ("contexts", {1: "IP"})])
def test_a_draft_of_another_shape_is_not_written(name: str, value: object) -> None:
    """A misspelt field or a wrong type is noticed at the change, not at the next start."""
    store = NvmStore(_FACTORY)
    with pytest.raises(msgspec.ValidationError), store.change() as nvm:
        setattr(nvm, name, value)
    assert _FACTORY is store.content


@pytest.mark.parametrize("name", Nvm.__struct_fields__)
def test_content_cannot_be_changed_without_a_change(name: str) -> None:
    """Neither a field nor what its mapping holds, how deep it may be."""
    store = NvmStore(_FACTORY)
    with store.change() as nvm:
        nvm.profiles[0] = UserProfile({"S7": 60})
        nvm.phonebook["SM"] = {1: PhonebookEntry("123", 129)}
        nvm.contexts[2] = ContextDefinition("IP")
    with pytest.raises(AttributeError):
        setattr(store.content, name, getattr(_FACTORY, name))
    _assert_frozen(getattr(store.content, name))


def _assert_frozen(value: object) -> None:
    if isinstance(value, msgspec.Struct):
        assert type(value).__struct_config__.frozen
        for name in value.__struct_fields__:
            _assert_frozen(getattr(value, name))
    elif hasattr(value, "keys"):
        with pytest.raises(TypeError):
            value[0] = 0  # type: ignore[index]  # that is what is tried
        for inner in value.values():  # type: ignore[attr-defined]  # it has keys
            _assert_frozen(inner)
    else:
        hash(value)
