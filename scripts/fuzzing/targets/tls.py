"""A TLS server that says what no server should: real flights, changed, to both engines and to the module."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from emulator.bench import Bench
from emulator.tls.client import TlsClient, TlsFailure, TlsState
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import VERSIONS
from fuzzing.answers import finals, is_accepted
from fuzzing.case import Case, Finding, Step
from fuzzing.host import first_defect, wants_an_answer
from fuzzing.isolation import run_alone
from fuzzing.lines import HOST
from fuzzing.peers import LocalPeer
from tests.peers.recordings import PLAINTEXT, RECORDED, recording
from tests.peers.tls_mutations import (
    Mutation,
    apply,
    flip,
    insert_record,
    move_record,
    replace_range,
    splice,
    truncate,
    without_warnings,
)

_SUITES = {(version.name, suite.name): suite for version, suite in RECORDED}
_OPENSSL = OpensslEngine()
_FLIGHTS = {"full": 0.45, "resumed": 0.3, "openssl": 0.2, "module": 0.05}
"""Whom the flight is said to: the native engine in a full or a resumed handshake, OpenSSL, or the whole module."""

_MUTATIONS: Mapping[str, Callable[..., Mutation]] = {
    "flip": flip,
    "replace": lambda position, length, by: replace_range(position, length, bytes.fromhex(by)),
    "truncate": truncate,
    "move": move_record,
    "splice": lambda version, suite, source, target: splice(CipherSuite[suite], source, target, VERSIONS[version]),
    "insert": lambda version, target, kind, content: insert_record(
        target, kind, bytes.fromhex(content), VERSIONS[version]
    ),
}
_OF_RECORDS = ("move", "splice", "insert")


class Tls:
    """Say a changed flight to a client: it fails by name, or it waits; it opens for the true one alone."""

    name = "tls"
    summary = "changed handshakes and records of a TLS server, to both engines and to the module"
    weight = 0.1

    def make(self, dice: Random) -> Case:
        flight = dice.choices(list(_FLIGHTS), list(_FLIGHTS.values()))[0]
        version, suite = dice.choice([names for names in _SUITES if flight != "openssl" or _is_openssl_s(*names)])
        # Records are moved while the stream still consists of whole ones.
        verbs = [dice.choice(_OF_RECORDS) for _ in range(dice.choice([0, 0, 1, 2]))]
        verbs += [dice.choice(["flip", "replace", "truncate"]) for _ in range(dice.choice([0, 1, 1, 2]))]
        steps = [Step(verb, self._arguments(dice, verb)) for verb in verbs]
        chunk = str(dice.choice([1, 7, 100, 5000, 5000]))
        setting = {"flight": flight, "version": version, "suite": suite, "chunk": chunk}
        return Case(self.name, tuple(steps), setting)

    def _arguments(self, dice: Random, verb: str) -> list[Any]:
        position, some = dice.randrange(6000), dice.randbytes(dice.choice([0, 1, 4, 40])).hex()
        match verb:
            case "flip":
                return [position, dice.randint(1, 255)]
            case "replace":
                return [position, dice.choice([0, 1, 3, 300]), some]
            case "truncate":
                return [position]
            case "move":
                return [position, dice.randrange(8), dice.randrange(4)]
            case "splice":
                return [*dice.choice(list(_SUITES)), dice.randrange(8), dice.randrange(8)]
        return [dice.choice(list(_SUITES))[0], dice.randrange(8), dice.choice([20, 21, 22, 23, 24]), some]

    def inputs(self, case: Case) -> int:
        return 1

    def play(self, case: Case) -> Finding | None:
        recorded = recording(CipherSuite[case.setting["suite"]], VERSIONS[case.setting["version"]])
        resumes = case.setting["flight"] == "resumed"
        said = recorded.resumed if resumes else recorded.full
        stream = apply(said, [_MUTATIONS[step.verb](*step.argument) for step in case.steps])
        chunk = int(case.setting["chunk"])
        match case.setting["flight"]:
            case "full":
                return _say(recorded.full_client(), stream, chunk, may_open=False)
            case "resumed":
                may_open = without_warnings(stream).startswith(recorded.opening)
                return _say(recorded.resuming_client(), stream, chunk, may_open=may_open)
            case "openssl":
                return _say(_OPENSSL.connect(recorded.configuration), stream, chunk, may_open=False)
        finding, uncaught = run_alone(_dial(recorded.version.name, stream, chunk))
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)


def _is_openssl_s(version: str, suite: str) -> bool:
    return _OPENSSL.supports([CipherSuite[suite]], VERSIONS[version])


def _say(client: TlsClient, stream: bytes, chunk: int, *, may_open: bool) -> Finding | None:
    """Let a client hear the stream in pieces; any exception but a named failure is passed on."""
    client.data_to_send()
    has_failed = False
    try:
        for start in range(0, len(stream), chunk):
            client.receive(stream[start : start + chunk])
    except TlsFailure:
        has_failed = True
    heard = client.read()
    if has_failed is not (client.state is TlsState.FAILED):
        return Finding("state", f"{client.state} after {'a failure' if has_failed else 'none'}")
    if (heard or client.state is TlsState.OPEN) and not may_open:
        return Finding("open", f"a changed handshake has led to {client.state}, {heard!r}")
    if not PLAINTEXT.startswith(heard):
        return Finding("plaintext", f"{heard!r} was never said")
    return None


async def _dial(version: str, stream: bytes, chunk: int) -> Finding | None:
    """Dial a server of that version, which says the flight and hangs up some time."""
    pieces = [stream[start : start + chunk] for start in range(0, len(stream), chunk)][:50]
    settings = [f'secure_socket.tls_version="{version}"']
    async with (
        LocalPeer(pieces) as peer,
        Bench("HE910", routes={HOST: peer.address}, tls_engine="native", settings=settings) as bench,
    ):
        for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            await bench.command(line)
        bench.send(f'AT#SSLD=1,443,"{HOST}",0,1\r')
        heard = ""
        for _ in range(400):
            await bench.advance(0.5)
            heard += bench.read()
            if finals(heard):
                break
        if len(finals(heard)) != 1 or is_accepted(finals(heard)[0]):
            return Finding("answer to the dial", repr(heard))
        if (defect := first_defect(bench)) is not None:
            return Finding("defect", defect)
        return await wants_an_answer(bench)
