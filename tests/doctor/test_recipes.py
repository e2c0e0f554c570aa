"""Each recipe is tried: a server that the modules do not reach is changed exactly as is printed, and then they do."""

import re
import subprocess
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

import emulator.doctor
from emulator.doctor.recipe_texts import in_words
from emulator.doctor.recipes import Filling, all_recipes, choose_recipes, programs
from emulator.doctor.verdict import Reason, Verdict
from tests.commands.ssl_bench import OK, authenticate, dial, enter, has_come, ssl_bench
from tests.doctor.asking import GSM, UMTS, V2, ask
from tests.doctor.conftest import Start
from tests.doctor.servers import NAME
from tests.peers.elliptic import EllipticParty
from tests.peers.pki import Party
from tests.peers.processes import free_port
from tests.peers.terminators import (
    Setting,
    front,
    haproxy,
    nginx,
    of_haproxy,
    of_nginx,
    of_openssl,
    of_stunnel,
    s_server,
    stunnel,
)

ROOT = Party("Recipe root", is_ca=True, bits=2048)
OTHER = Party("Another root", is_ca=True, bits=2048)
INTERMEDIATE = Party("Recipe intermediate", ROOT, is_ca=True, bits=2048)
SERVER = Party("recipe server", INTERMEDIATE, bits=2048, alternative_names=(x509.DNSName(NAME),))
CLIENT = Party("recipe client", ROOT)  # a key of 1024 bits: a larger one takes long to check, dial after dial
RECIPES = Path(emulator.doctor.__file__).parent / "recipes.toml"
BAD = {
    Reason.KEY: EllipticParty("elliptic server", ROOT),
    Reason.SIZE: Party("big server", ROOT, bits=2048, ballast=2200),
    Reason.DATE: Party("expired server", ROOT, bits=2048, not_after=datetime(2014, 1, 1, tzinfo=UTC)),
}
SHA_384 = """
openssl req -new -key bad-key.pem -subj /CN=server -out bad.csr
openssl x509 -req -in bad.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -sha384 -days 9 -out bad.pem
"""


@dataclass(frozen=True)
class Kind:
    """One program: how its directives are read, and how it is started."""

    read: Callable[[str], Setting]
    start: Callable[[Path, Setting], AbstractContextManager[int]]
    good: str
    """Directives with which the modules reach it."""


KINDS = {
    "s_server": Kind(
        of_openssl,
        s_server,
        "-min_protocol TLSv1 -cipher DEFAULT:@SECLEVEL=0 -cert server-chain.pem -cert_chain intermediate.pem "
        "-key server-key.pem",
    ),
    "nginx": Kind(
        of_nginx,
        nginx,
        "ssl_protocols TLSv1 TLSv1.2;\nssl_ciphers DEFAULT:@SECLEVEL=0;\nssl_certificate server-chain.pem;\n"
        "ssl_certificate_key server-key.pem;",
    ),
    "haproxy": Kind(of_haproxy, haproxy, "crt good.pem ssl-min-ver TLSv1.0 ciphers DEFAULT:@SECLEVEL=0"),
    "stunnel": Kind(
        of_stunnel,
        stunnel,
        "sslVersionMin = TLSv1\nciphers = DEFAULT:@SECLEVEL=0\ncert = server-chain.pem\nkey = server-key.pem",
    ),
}

EPHEMERAL = "ECDHE-RSA-AES128-SHA:@SECLEVEL=0"
CERTIFICATE = {
    "s_server": "-cert bad.pem -key bad-key.pem",
    "nginx": "ssl_certificate bad.pem;\nssl_certificate_key bad-key.pem;",
    "haproxy": "crt bad-site.pem",
    "stunnel": "cert = bad.pem\nkey = bad-key.pem",
}
WRONG: Mapping[str, Mapping[str, str]] = {
    "version": {
        "s_server": "-min_protocol TLSv1.2",
        "nginx": "ssl_protocols TLSv1.2 TLSv1.3;",
        "haproxy": "ssl-min-ver TLSv1.2 ciphers HIGH",
        "stunnel": "sslVersionMin = TLSv1.2\nciphers = HIGH",
    },
    "TLS 1.2": {
        "s_server": "-min_protocol TLSv1.3",
        "nginx": "ssl_protocols TLSv1.3;",
        "haproxy": "ssl-min-ver TLSv1.3",
        "stunnel": "sslVersionMin = TLSv1.3",
    },
    "suites": {
        "s_server": f"-cipher {EPHEMERAL}",
        "nginx": f"ssl_ciphers {EPHEMERAL};",
        "haproxy": f"ciphers {EPHEMERAL}",
        "stunnel": f"ciphers = {EPHEMERAL}",
    },
    "certificate": CERTIFICATE,
    "chain": {
        "s_server": "-cert server.pem -cert_chain nothing.pem",
        "nginx": "ssl_certificate server.pem;",
        "haproxy": "crt lone.pem",
        "stunnel": "cert = server.pem",
    },
    "no client certificate": {
        "s_server": "-Verify 1",
        "nginx": "ssl_verify_client on;\nssl_client_certificate client-ca.pem;",
        "haproxy": "verify required ca-file client-ca.pem",
        "stunnel": "requireCert = yes\nverifyChain = yes\nCAfile = client-ca.pem",
    },
    "client certificate": {
        "s_server": "-Verify 1 -CAfile other-ca.pem",
        "nginx": "ssl_verify_client on;\nssl_client_certificate other-ca.pem;",
        "haproxy": "verify required ca-file other-ca.pem",
        "stunnel": "verifyChain = yes\nCAfile = other-ca.pem",
    },
    "server name": {"nginx": "ssl_reject_handshake on;", "haproxy": "strict-sni crt good.pem"},
}
"""What keeps the modules out, by recipe and program; what is not named is as in `good`."""
REASONS = {"s_server": Reason.KEY, "nginx": Reason.SIZE, "haproxy": Reason.DIGEST, "stunnel": Reason.DATE}
"""For which reason each program gets a new certificate."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with the files that the recipes name, and those that are wrong."""
    folder = tmp_path
    parties = {"ca": ROOT, "other-ca": OTHER, "client-ca": ROOT, "intermediate": INTERMEDIATE, "server": SERVER}
    for name, party in parties.items():
        (folder / f"{name}.pem").write_bytes(party.pem)
    (folder / "ca-key.pem").write_bytes(ROOT.key_pem)
    (folder / "server-key.pem").write_bytes(SERVER.key_pem)
    (folder / "server-chain.pem").write_bytes(SERVER.pem + INTERMEDIATE.pem)
    (folder / "good.pem").write_bytes(SERVER.pem + INTERMEDIATE.pem + SERVER.key_pem)
    (folder / "lone.pem").write_bytes(SERVER.pem + SERVER.key_pem)
    (folder / "nothing.pem").write_bytes(OTHER.pem)
    return folder


def spoil(site: Path, reason: Reason) -> None:
    """Write bad.pem, a certificate that is refused for this reason, and its key."""
    if reason in BAD:
        (site / "bad.pem").write_bytes(BAD[reason].pem)
        (site / "bad-key.pem").write_bytes(BAD[reason].key_pem)
    else:
        (site / "bad-key.pem").write_bytes(SERVER.key_pem)
        run(SHA_384, site)
    (site / "bad-site.pem").write_bytes((site / "bad.pem").read_bytes() + (site / "bad-key.pem").read_bytes())


def run(commands: str, site: Path) -> None:
    """Run them in the folder."""
    done = subprocess.run(["sh", "-ec", commands], cwd=site, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


IN_HTTP = {("no client certificate", "nginx"), ("client certificate", "nginx")}
"""Where the handshake succeeds all the same, and the refusal is an answer in HTTP."""
PRINTED = [(recipe.name, program) for recipe in all_recipes() for program in recipe.directives if program in KINDS]


@pytest.mark.parametrize(("name", "program"), [one for one in PRINTED if one not in IN_HTTP])
async def test_a_server_that_is_changed_as_printed_is_reached(site: Path, name: str, program: str) -> None:
    """The doctor finds the reason, prints this recipe, and finds none any more when it was followed."""
    kind, reason = KINDS[program], REASONS[program] if name == "certificate" else None
    if reason is not None:
        spoil(site, reason)
    wrong = kind.read(kind.good).after(kind.read(WRONG[name][program]))
    if name == "server name" and program == "nginx":
        wrong = Setting({key: value for key, value in wrong.items() if "certificate" not in key})
    client = CLIENT if name == "client certificate" else None
    newer = name == "TLS 1.2"

    async def asked(port: int, *firmwares: str) -> tuple[Verdict, ...]:
        return await ask(port, *firmwares, mode=1 if client is None else 2, ca=[ROOT], client=client)

    with kind.start(site, wrong) as port:
        before = await asked(port, V2 if newer else UMTS)
    [recipe] = choose_recipes(before)
    run(recipe.shell + recipe.before.get(program, ""), site)
    changed = wrong.after(kind.read(recipe.directives[program]), recipe.without.get(program, ""))
    with kind.start(site, changed) as port:
        after = await asked(port, *([V2] if newer else [UMTS, GSM] if client is None else [UMTS]))

    assert (False, name) == (before[0].reachable, recipe.name)
    assert reason in (None, before[0].reason)
    assert all(verdict.numbers for verdict in after), after
    assert newer or {None} == {verdict.reason for verdict in after}, after


@pytest.mark.parametrize(("name", "program"), sorted(IN_HTTP))
async def test_what_is_changed_as_printed_is_seen_in_http(site: Path, name: str, program: str) -> None:
    """The module gets an answer from both, and only then the page; there is none, which is an answer as well."""
    kind = KINDS[program]
    wrong = kind.read(kind.good).after(kind.read(WRONG[name][program]))
    (recipe,) = (one for one in all_recipes() if one.name == name)
    answers = []
    for setting in (wrong, wrong.after(kind.read(recipe.directives[program]))):
        with kind.start(site, setting) as port:
            answers.append(await http_status(port, CLIENT if name == "client certificate" else None))

    assert ["400", "404"] == answers


async def http_status(port: int, client: Party | None) -> str:
    """The status that a module gets by #SSLD."""
    async with ssl_bench(UMTS, port) as bench:
        await authenticate(bench, ROOT, client)
        await dial(bench)
        assert OK == await enter(bench, "AT#SSLSEND=1", b"GET /none HTTP/1.0\r\n\r\n\x1a")
        await has_come(bench, 12)
        heard = await bench.command("AT#SSLRECV=1,100")
    return heard.partition("HTTP/1.")[2][2:5]


@pytest.mark.parametrize("name", ["version", "suites"])
async def test_a_configuration_of_openssl_itself(site: Path, name: str) -> None:
    """For programs that have no settings of their own, as `openssl s_server` without options."""
    setting = of_openssl("-cert server-chain.pem -cert_chain intermediate.pem -key server-key.pem")
    (recipe,) = (one for one in all_recipes() if one.name == name)
    printed = recipe.directives["openssl-conf"]
    wrong = (
        printed.replace("= TLSv1\n", "= TLSv1.2\n")
        if name == "version"
        else re.sub("(?<=CipherString = ).*", EPHEMERAL, printed)
    )
    verdicts = []
    for configuration in (wrong, printed):
        with s_server(site, setting, configuration) as port:
            verdicts.append(await ask(port, UMTS, GSM, mode=1, ca=[ROOT]))

    assert [Reason(name)] * 2 == [verdict.reason for verdict in verdicts[0]]
    assert [None] * 2 == [verdict.reason for verdict in verdicts[1]]


async def test_what_is_printed(site: Path) -> None:
    """What, the risk, and every directive; nothing where all is well, or where it is the host that has to change."""
    kind = KINDS["s_server"]
    with kind.start(site, kind.read(kind.good).after(of_openssl("-min_protocol TLSv1.2"))) as port:
        [text] = map(in_words, choose_recipes(await ask(port, UMTS, GSM)))
    with kind.start(site, kind.read(kind.good)) as port:
        asked = [ask(port, UMTS), ask(port, "HE910@12.00.000")]
        well = choose_recipes([verdict for one in asked for verdict in await one])

    (version,) = (recipe for recipe in all_recipes() if recipe.name == "version")
    told = " ".join(text.split())
    assert version.what in told
    assert f"Risk: {version.risk}" in told
    for key, directives in version.directives.items():
        assert f"{programs()[key].name}, {programs()[key].place}" in told
        assert all(f"      {line}\n" in f"{text}\n" for line in directives.splitlines() if line)
    assert 1 == text.count("At the server")
    assert [] == well


@pytest.mark.parametrize("program", ["nginx-front", "haproxy-front", "stunnel-front"])
async def test_tls_that_is_put_in_front_as_printed_is_reached(serving: Start, site: Path, program: str) -> None:
    """What the module says comes back from the server behind, which speaks no TLS."""
    plain = serving("http")
    before = await ask(plain, UMTS, timeout=1)
    assert ["TLS in front"] == [recipe.name for recipe in choose_recipes(before)]
    (recipe,) = (one for one in all_recipes() if one.name == "TLS in front")
    filled = recipe.filled(Filling(NAME, plain, 2047, free_port()))
    port = int(re.findall(r"port (\d+)", filled.what)[0])
    run(filled.before.get(program, ""), site)

    with front(program, site, filled.directives[program], port):
        status = await http_status(port, None)

    assert "404" == status


def test_each_reason_that_a_server_can_remove_has_a_recipe() -> None:
    """The others are no matter of its TLS: nobody listens, nobody answers, or the name is unknown."""
    mended = {reason for recipe in all_recipes() for reason in recipe.mends}

    assert {Reason.SILENCE, Reason.CLOSED, Reason.REFUSED, Reason.NAME} == set(Reason) - mended
    assert all(recipe.what and recipe.risk for recipe in all_recipes())
    assert {"{host}", "{port}", "{size}", "{tls_port}"} >= set(re.findall(r"\{\w+\}", RECIPES.read_text()))
