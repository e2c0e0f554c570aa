"""A power cut at any step of a write to NVM: the next start finds the old state or the new one; what was OK is kept."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from emulator.device.memory import file
from emulator.device.memory.content import Nvm
from emulator.device.memory.factory import factory_nvm
from emulator.device.memory.file import NvmFile
from emulator.device.memory.medium import Medium
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.mqtt_bench import mqtt_setting
from tests.commands.ssl_bench import OK
from tests.device.power_cut import (
    Acknowledged,
    Image,
    Named,
    NamesSynced,
    RecordingMedium,
    Step,
    Synced,
    images,
    lay_out,
)
from tests.peers.pki import CLIENT, ROOT

_FIRMWARE = load_firmware("GE865-QUAD")

WRITES = {
    "a CA certificate": ("AT#SSLSECDATA=1,1,1,{ca}", "{ca}"),
    "a client certificate": ("AT#SSLSECDATA=1,1,0,{certificate}", "{certificate}"),
    "a private key": ("AT#SSLSECDATA=1,1,2,{key}", "{key}"),
    "the deletion of a certificate": ("AT#SSLSECDATA=1,0,1",),
    "SSL settings": ("AT#SSLSECCFG=1,3,1",),
    "the configuration of SSL": ("AT#SSLCFG=1,1,500,60,70,8",),
    "the enabling of a second secure socket": ("AT#SSLEN=2,1",),
    "a CA certificate of the second secure socket": ("AT#SSLSECDATA=2,1,1,{ca}", "{ca}"),
    "the configuration of the second secure socket": ("AT#SSLCFG=2,1,500,60,70,8",),
    "a phonebook entry": ('AT+CPBW=1,"+393311234567",145,"somebody"',),
    "the deletion of a phonebook entry": ("AT+CPBW=1",),
    "a file of the card": ("AT+CRSM=214,28464,0,0,3,22F210",),
    "a message": ('AT+CMGW="+393311234567"', "a text"),
    "the deletion of a message": ("AT+CMGD=1",),
    "the number of a message that is sent": ('AT+CMGS="+393311234567"', "a text"),
    "the parameters of messages": ("AT+CSAS",),
    "the service centre": ('AT+CSCA="+393359609600"',),
    "a context": ('AT+CGDCONT=1,"IP","apn"',),
    "a login": ('AT+CGAUTH=1,1,"user","public-demo"',),
    "the end of a context that has carried data": ('AT#SGACT=1,1;#PING="127.0.0.1",1;#SGACT=1,0',),
    "an automatic activation": ("AT#SGACTCFG=1,3",),
    "name servers": ('AT#DNS=1,"1.2.3.4","1.2.3.5"',),
    "a user profile": ("AT&W0",),
    "a profile at start": ("AT&Y1",),
    "a full profile at start": ("AT&P0",),
    "a setting": ("AT#BND=2",),
    "a mail server": ('AT#ESMTP="smtp.example.com";#ESAV',),
    "the settings of the receiver": ("AT$GPSSAV",),
    "several numbers": ("AT#SLED=2,5,7;#SLEDSAV",),
    "a plain socket": ("AT#SCFG=1,1,500,60,600,8",),
    "extended settings of a plain socket": ("AT#SCFGEXT=1,1,1,0,0,0",),
    "an HTTP profile": ('AT#HTTPCFG=1,"www.example.com",8080',),
    "an MQTT instance": ('AT#MQEN=1,1;#MQCFG=1,"mqtt.example.com",1884,1',),
    "the settings of easy GPRS": ("AT#SKTSAV",),
    "the network's time": ("AT#NITZ=1",),
    "the time that is shown": ("AT#CCLKMODE=1",),
    "an interface style": ("AT#SELINT=1",),
    "a restart mode": ("AT#ENHRST=2,60",),
    "an alarm": ('AT+CALA="07:00:00+04",0,2,"wake up","0"',),
    "the number of circuit-switched data": ('AT#GSMCONT=0,"IP","123"',),
    "a script": ('AT#WSCRIPT="a.py",5', "12345"),
    "the choice of a script": ('AT#ESCRIPT="a.py"',),
    "a watched event": ("AT#EVMONI=RING,1",),
    "enhanced network support": ("AT#ENS=1",),
    "a profile of sound": ("AT#PSET=1,2,3;#PSAV=1",),
    "a PIN that is asked for": ('AT+CLCK="SC",1,"1234"',),
    "a PIN": ('AT+CPWD="SC","1234","4321"',),
}
"""By what is written: the command, and the text for its prompt."""


_COMMANDS = [
    'commands."#HTTPCFG"=true',
    'commands."+CGAUTH"=true',
    'gnss.software="GSD4e"',
    "calendar.clock_modes={choices=[0,1],default=0}",
    "secure_socket.identifiers={range=[1,2]}",
    mqtt_setting(),
]
"""Commands that write, and that this firmware does not have; and a second secure socket."""
SETUP = ("ATE0", "AT#SSLEN=1,1", "AT+CMGF=1")


class Host:
    """A host that makes every kind of write, and keeps what each OK has acknowledged."""

    def __init__(self, bench: Bench, medium: RecordingMedium) -> None:
        self._bench = bench
        self._medium = medium
        self.acknowledged = [factory_nvm(_FIRMWARE)]

    async def write_everything(self) -> None:
        """Go through the table."""
        for command in SETUP:
            await self._write(command)
        for what, (command, *entry) in WRITES.items():
            before = len(self._medium.steps)
            await self._write(_filled(command, lambda text: str(len(text))), *entry)
            taken = [step for step in self._medium.steps[before:] if isinstance(step, Named)]
            assert 1 == sum(step.path.name == "nvm.json" for step in taken), f"{what} is no write, or several"
        self._bench.modem.device.power.restart()  # which takes the enhanced network support into force
        await self._bench.advance(60)
        self._medium.steps.append(Acknowledged())
        self.acknowledged.append(self._bench.modem.device.nvm)

    async def _write(self, command: str, *entry: str) -> None:
        answer = await self._bench.command(command)
        for text in entry:
            assert answer.endswith(("> ", ">>>")), (command, answer)
            self._bench.send(_filled(text, bytes.decode) + ("\x1a" if answer.endswith("> ") else ""))
            answer = await self._bench.answer()
        assert answer.endswith(OK), (command, answer)
        self._medium.steps.append(Acknowledged())
        self.acknowledged.append(self._bench.modem.device.nvm)


def _filled(text: str, form: Callable[[bytes], str]) -> str:
    """Put what the fields in braces stand for into a text."""
    for field, data in {"{ca}": ROOT.pem, "{certificate}": CLIENT.pem, "{key}": CLIENT.key_pem}.items():
        text = text.replace(field, form(data))
    return text


@pytest.fixture
async def host(tmp_path: Path, medium: RecordingMedium) -> Host:
    """A host that has done its work on a new state."""
    async with Bench("GE865-QUAD", settings=_COMMANDS, state=tmp_path / "new" / "state") as bench:
        host = Host(bench, medium)
        await host.write_everything()
    return host


@pytest.fixture
def medium(monkeypatch: pytest.MonkeyPatch) -> RecordingMedium:
    """The disk of every module of this test."""
    medium = RecordingMedium()
    monkeypatch.setattr(file, "Medium", lambda: medium)
    return medium


def _found(image: Image, root: Path, copy: Path) -> Nvm:
    """What a start finds in an image."""
    copy.mkdir()
    lay_out(image, root, copy)
    state = copy / "new" / "state"
    store = NvmFile(state, _FIRMWARE, Medium())
    store.close()
    assert {"lock", "nvm.json"} >= {path.name for path in state.iterdir()}
    shutil.rmtree(copy)
    return store.content


async def test_a_power_cut_leaves_the_old_state_or_the_new_one_and_loses_nothing_that_was_ok(
    tmp_path: Path, medium: RecordingMedium, host: Host
) -> None:
    """Behind every step of every write, with every loss that a file system may bring."""
    steps, seen = medium.steps, 0
    for end in range(len(steps) + 1):
        done = sum(isinstance(step, Acknowledged) for step in steps[:end])
        allowed = host.acknowledged[done : done + 2]
        for image in images(steps[:end]):
            assert _found(image, tmp_path, tmp_path / "copy") in allowed, f"behind {steps[:end][-3:]}"
            seen += 1

    assert seen > 5 * len(WRITES)


async def test_no_field_of_nvm_is_without_a_write(host: Host) -> None:
    """Whoever adds one says here which command writes it."""
    first, *others = map(structs.asdict, host.acknowledged)
    written = {field for content in others for field in content if content[field] != first[field]}

    assert set() == set(Nvm.__struct_fields__) - written - {"format", "version", "model"}


class _Hasty(RecordingMedium):
    """A disk on which one kind of step is left out."""

    def __init__(self, left_out: type) -> None:
        super().__init__()
        self.steps = _Without(left_out)


class _Without(list[Step]):
    def __init__(self, left_out: type) -> None:
        super().__init__()
        self._left_out = left_out

    def append(self, step: Step) -> None:
        if not isinstance(step, self._left_out):
            super().append(step)


@pytest.mark.parametrize("left_out", [Synced, NamesSynced])
def test_the_model_finds_a_step_that_is_missing(tmp_path: Path, left_out: type) -> None:
    """Without it, some image has lost what was acknowledged, or is damaged: each one is needed."""
    medium = _Hasty(left_out)
    store = NvmFile(tmp_path / "new" / "state", _FIRMWARE, medium)
    for suite in (3, 2):
        with store.change() as nvm:
            nvm.restart_mode = suite
    store.close()

    def holds(image: Image) -> bool:
        try:
            return store.content == _found(image, tmp_path, tmp_path / "copy")
        except UserError:
            shutil.rmtree(tmp_path / "copy")
            return False

    found = {holds(image) for image in images(medium.steps)}

    assert {True, False} == found
