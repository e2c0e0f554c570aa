"""Probes of the memories of messages and of the phonebook: their names and sizes."""

from collections.abc import Iterator, Mapping, Sequence

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.answers.ranges import fields_of, spans_of, words_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.undoing import changed, setting
from emulator.learning.claims.claim import ABSENT, Claim
from emulator.learning.probe import Probe

_STORAGES: KeyPath = ("sms", "storages")
_CLASS_0: KeyPath = ("sms", "class_0_memory")
_LISTS: KeyPath = ("sim", "phonebook", "storages")
_NO_INDEX = 60000


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes."""
    yield from (MessageMemories(), Phonebooks())


class MessageMemories(Probe):
    """Select each memory of messages, and see its size."""

    name = "memories of messages"
    asks = "AT+CPMS=?, and AT+CPMS of each memory"
    changes = "the memories that are selected (+CPMS)"
    undone = "they are selected again"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield from (_STORAGES, _CLASS_0)

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        form, before = inquiry.ask("AT+CPMS=?"), inquiry.ask("AT+CPMS?")
        purposes = [words_of(field) for field in fields_of(form.value("+CPMS") or "")]
        selected = fields_of(before.value("+CPMS") or "")[::3]
        if len(purposes) != 3 or None in purposes or len(selected) != 3:
            return
        names = purposes[1] or ()
        with changed(inquiry, "AT+CPMS?", f"AT+CPMS={','.join(selected)}"):
            sizes = {name: inquiry.ask(f'AT+CPMS="{name}"') for name in names}
        found = {name: _size(exchange) for name, exchange in sizes.items()}
        if names and None not in found.values():
            order = _ordered(names, [storage.name for storage in inquiry.base.profile.sms.storages])
            yield Claim(_STORAGES, [{"name": name, "size": found[name]} for name in order], [form, *sizes.values()])
        yield from _class_0(inquiry, form, [name for name in purposes[0] or () if name not in names])


def _size(exchange: Exchange) -> int | None:
    fields = fields_of(exchange.value("+CPMS") or "")
    return int(fields[1]) if exchange.is_ok and len(fields) > 1 and fields[1].isdigit() else None


def _class_0(inquiry: Inquiry, form: Exchange, others: Sequence[str]) -> Iterator[Claim]:
    """Claim the memory of class 0, which only <mem1> can be."""
    found = others[0] if len(others) == 1 else None
    if len(others) < 2 and found != inquiry.base.profile.sms.class_0_memory:
        yield Claim(_CLASS_0, ABSENT if found is None else found, [form])


def _ordered(names: Sequence[str], base: Sequence[str]) -> Sequence[str]:
    """Return names as they are shown; in the base's order where they are the same."""
    return base if set(names) == set(base) else names


class Phonebooks(Probe):
    """Select each list of the phonebook, and see how long it is and whether it can be written."""

    name = "phonebooks"
    asks = f"AT+CPBS=?, AT+CPBS of each list, AT+CPBR=?; AT+CPBW={_NO_INDEX} and AT+CPBR={_NO_INDEX}, which do nothing"
    changes = "the list that is selected (+CPBS); +CMEE"
    undone = "it is selected again; +CMEE is set to what it was"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield _LISTS

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        form, before = inquiry.ask("AT+CPBS=?"), inquiry.ask("AT+CPBS?")
        names = words_of(form.value("+CPBS") or "")
        selected = fields_of(before.value("+CPBS") or "")[0]
        if not names or not selected.startswith('"'):
            return
        base = {
            storage.name: {"name": storage.name, "size": storage.size, "writable": storage.writable}
            | ({"wants_pin2": True} if storage.wants_pin2 else {})
            for storage in inquiry.base.profile.sim.phonebook.storages
        }
        with setting(inquiry, "+CMEE", "1"), changed(inquiry, "AT+CPBS?", f"AT+CPBS={selected}"):
            asked = {name: _list(inquiry, name, base) for name in names}
        lists = [asked[name] for name in _ordered(names, list(base))]
        if all(one is not None for one in lists):
            yield Claim(_LISTS, lists, [form])


def _list(inquiry: Inquiry, name: str, base: Mapping[str, Mapping[str, object]]) -> Mapping[str, object] | None:
    """Return a list as a profile has it; that of the base where it cannot be selected, as without the PIN2."""
    if not inquiry.ask(f'AT+CPBS="{name}"').is_ok:
        return base.get(name)
    spans = spans_of(fields_of(inquiry.ask("AT+CPBR=?").value("+CPBR") or "")[0])
    read, written = inquiry.ask(f"AT+CPBR={_NO_INDEX}"), inquiry.ask(f"AT+CPBW={_NO_INDEX}")
    if not spans or len(spans) != 1 or read.refusal is None or written.refusal is None:
        return None
    return {"name": name, "size": spans[0][1], "writable": read.refusal == written.refusal}
