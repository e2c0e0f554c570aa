"""Why commands of the SIM card, its phonebook and its messages are refused; and that no reason tells a secret."""

import pytest

from emulator.testing import Bench
from emulator.trace.events import Refused
from tests.commands.reasons import Step, dialogue

_PIN, _PUK, _PIN2, _NEW = "4711", "87654321", "5599", "2468"
_LOCKED = [f"sim.pin={_PIN}", f"sim.puk={_PUK}", f"sim.pin2={_PIN2}"]
_ASK_PUK = "AT+CPIN=<puk>,<new pin> first"

LOCKED: list[Step] = [
    ("AT+CIMI", "the SIM asks for its PIN: AT+CPIN=<pin> first"),
    ("AT+CMGL", "the SIM asks for its PIN: AT+CPIN=<pin> first"),
    ("AT+CGATT=1", "the SIM asks for its PIN: AT+CPIN=<pin> first"),
    ("AT+CPIN=1111", "the PIN is wrong; tries left: 2"),
    (f"AT+CPIN={_PIN}", None),
    (f"AT+CPIN={_PIN}", "the SIM is unlocked already: it asks for no code"),
    ("AT+CLCK=SC,1,1111", "the SIM asks for its PIN at each start already"),
    ('AT+CPBS="FD"', "the phonebook FD asks for the PIN2: AT+CACM=<pin2> first"),
    ("AT+CACM", "the PIN2 is missing; it is the last parameter: AT+CACM=<pin2> first"),
    ("AT+CACM=1111", "the PIN2 is wrong; tries left: 2"),
    (f"AT+CACM={_PIN2}", None),
    ("AT+CLCK=FD,1", "the lock FD can only be queried, by mode 2"),
    ("AT+CLCK=AO,1,1111", "the password of call barring is wrong"),
    ("AT+CLCK=AB,1,1111", "AB stands for several; mode 0 alone"),
]
BLOCKED: list[Step] = [
    ("AT+CPIN=1111", "the PIN is wrong; tries left: 2"),
    ("AT+CPIN=1111", "the PIN is wrong; tries left: 1"),
    ("AT+CPIN=1111", f"the PIN is wrong, and was so too often: the SIM asks for its PUK: {_ASK_PUK}"),
    ("AT+CIMI", f"the SIM asks for its PUK: the PIN was wrong too often: {_ASK_PUK}"),
    (f"AT+CPIN={_PUK}", f"the new PIN is missing behind the PUK; tries left: 9: {_ASK_PUK}"),
    (f"AT+CPIN=11111111,{_NEW}", f"the PUK is wrong; tries left: 8: {_ASK_PUK}"),
    (f"AT+CPIN={_PUK},{_NEW}", None),
    (f"AT+CPWD=SC,1111,{_PIN}", "the PIN is wrong; tries left: 2"),
]
UNLOCKED: list[Step] = [
    (
        'AT+CPWD="SC",1111,2222',
        'the PIN can be changed only while the SIM asks for it at each start: AT+CLCK="SC",1,<pin> first',
    ),
    ("AT+CPBR=300", "index 300 of the phonebook SM; 1 to 100"),
    ('AT+CPBF="Zorro"', "no name in the phonebook SM begins with 'Zorro'"),
    ("AT+CPBW=,", "index and number are missing"),
    ('AT+CPBS="LD"', None),
    ("AT+CPBW=1", 'the module itself fills the phonebook LD: AT+CPBS="SM" first'),
    ('AT+CPBS="SM"', None),
    ("ATD>99;", "no entry of the phonebook is 99"),
    ("AT#SIMDET=0", None),
    ("AT+CIMI", "the SIM detection is set to no card, whatever the slot says: AT#SIMDET=2 first"),
    ("AT#SIMDET=2", None),
    ("AT+CRSM=176,28539", "the instruction 176 needs p1, p2, p3"),
    ('AT+CSIM=12,"A0A40000"', "length is 12, and the instruction has 8 characters; 10 to 522"),
]
MESSAGES: list[Step] = [
    (
        'AT+CMGS="+391234567"',
        "in PDU mode the parameter is the length of the PDU, 0 to 164, and not '+391234567': AT+CMGF=1 first",
    ),
    (
        "AT+CMGS=10\n001100\x1a",
        "the PDU cannot be used: behind the service centre it has 2 octets, and the command said 10",
    ),
    ("AT+CMGR=1", "no message stands at index 1 of SM; in use: none"),
    ("AT+CMGR=9999", "index 9999 of SM; 1 to 20"),
    ('AT+CMGL="ALL"', "'ALL' is no status in PDU mode, +CMGF=0; there are 0, 1, 2, 3, 4"),
    ("AT+CMGF=1", None),
    ("AT+CMGL=4", "'4' is no status in text mode, +CMGF=1; there are REC UNREAD, REC READ, STO UNSENT, STO SENT, ALL"),
    ('AT+CMGS="hello"', "'hello' is no number: it has digits, *, #, a to c, with + in front at most"),
    ("AT+CSMP=4", None),
    (
        'AT+CMGS="+391234567"\nHello\x1a',
        "<fo> of +CSMP is 4, which is no message to be sent: AT+CSMP=17,167 first",
    ),
    ("AT+CSMP=25", None),
    ('AT+CMGS="+391234567"\nHello\x1a', "<fo> of +CSMP is 25, which asks for a time as <vp>: AT+CSMP=17,167 first"),
    ("AT+CSMP=17,167,0,0", None),
    ('AT+CSCA="",129', None),
    ('AT+CMGS="+391234567"\nHello\x1a', 'no number of a service centre is stored: AT+CSCA="<number>" first'),
    ("AT+CSCA=", "number is missing"),
    (
        "AT+CNMA",
        "no message waits to be acknowledged; with service 1 each one that is shown at once does: "
        "AT+CSMS=1, then AT+CNMI=2,2 and wait for +CMT first",
    ),
    ("AT+COPS=2", None),
    ('AT+CMGS="+391234567"\nHello\x1a', "the host has ended the registration: AT+COPS=0 first"),
]


@pytest.mark.parametrize("steps", [LOCKED, BLOCKED])
async def test_a_locked_card_names_what_it_asks_for_and_no_code_ever(steps: list[Step]) -> None:
    """What was typed, and what would have been right, is in no reason."""
    async with Bench("HE910", settings=_LOCKED) as bench:
        assert await dialogue(bench, steps) == steps
        told = " ".join(event.reason for event in bench.events if isinstance(event, Refused))
    assert not any(secret in told for secret in (_PIN, _PUK, _PIN2, _NEW, "1111"))


async def test_the_card_and_the_phonebook_name_indices_and_storages() -> None:
    """With the limits of the storage in use."""
    async with Bench("HE910") as bench:
        assert await dialogue(bench, UNLOCKED) == UNLOCKED
        assert await dialogue(bench, [("AT+CSIM=1", None)])
        await bench.advance(30)
        held = "the host keeps the SIM card for itself: AT+CSIM=0 first"
        assert await dialogue(bench, [("AT+CIMI", "")]) == [("AT+CIMI", held)]
        await dialogue(bench, [("AT+CSIM=0", None)])
        await bench.advance(30)
        bench.modem.device.sim.remove()
        assert await dialogue(bench, [("AT+CPIN?", "")]) == [("AT+CPIN?", "there is no SIM card in the slot")]


async def test_messages_name_mode_format_memory_and_centre() -> None:
    """And the line that puts it right."""
    async with Bench("HE910") as bench:
        assert await dialogue(bench, MESSAGES) == MESSAGES


async def test_a_full_memory_names_what_may_be_deleted() -> None:
    """By an index that is in use."""
    async with Bench("HE910") as bench:
        memory = bench.modem.device.messages.selected[1]
        write: Step = ('AT+CMGW="+391234567"\nHello\x1a', None)
        full = f"the memory SM has room for 0 of 1 messages; it holds {memory.size}: "
        steps = [("AT+CMGF=1", None), *[write] * memory.size]
        steps.append((write[0], f'{full}AT+CPMS="SM", then AT+CMGD=1 first'))
        assert await dialogue(bench, steps) == steps
