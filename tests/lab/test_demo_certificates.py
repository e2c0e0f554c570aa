"""The demo certificates: those in the tree, and those that scripts/make_certs makes."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from emulator.resources import CERTS
from tests.peers.processes import require_program

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_certs"
CERTIFICATES = ["ca", "intermediate", "server", "client", "other-ca"]
KEYS = ["server-key", "client-key"]


def make_certificates(folder: Path) -> Path:
    """Run the script in a tree of its own; gives the certificates' folder."""
    script = folder / "scripts" / SCRIPT.name
    script.parent.mkdir(exist_ok=True)
    shutil.copy(SCRIPT, script)
    subprocess.run([sys.executable, str(script)], check=True, timeout=60)
    return folder / "certs"


@pytest.fixture(scope="module", params=["in the tree", "made anew"])
def certificates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all files."""
    return CERTS if request.param == "in the tree" else make_certificates(tmp_path_factory.mktemp("tree"))


def load(folder: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / f"public-demo-{name}.pem").read_bytes())


def test_there_is_every_file_and_no_other(certificates: Path) -> None:
    """Each one as PEM and as DER, under a name that says it is public."""
    expected = {f"public-demo-{name}.{form}" for name in (*CERTIFICATES, *KEYS) for form in ("pem", "der")}

    assert expected == {path.name for path in certificates.iterdir() if path.name != "README.md"}


def test_every_file_fits_into_a_module(certificates: Path) -> None:
    """Guide 2.2.2: at most 2047 bytes of security data."""
    sizes = {path.name: path.stat().st_size for path in certificates.glob("public-demo-*")}

    assert {name: size for name, size in sizes.items() if size > 2047} == {}


def test_lines_end_with_lf(certificates: Path) -> None:
    """A CR would end up in what a host types into the module."""
    assert [path.name for path in certificates.glob("*.pem") if b"\r" in path.read_bytes()] == []


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_subject_says_that_it_is_public(certificates: Path, name: str) -> None:
    """Whoever sees it in a list of certificates knows what not to trust."""
    common_names = load(certificates, name).subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)

    assert [True] == [
        ("PUBLIC demo" in str(it.value), "loopback only" in str(it.value)) == (True, True) for it in common_names
    ]


@pytest.mark.parametrize("name", CERTIFICATES)
def test_der_and_pem_are_the_same_certificate(certificates: Path, name: str) -> None:
    """One is for the DER entry of software 12.00, the other for PEM."""
    der = (certificates / f"public-demo-{name}.der").read_bytes()

    assert load(certificates, name).public_bytes(serialization.Encoding.DER) == der


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_pkcs_1_and_belongs_to_its_certificate(certificates: Path, name: str) -> None:
    """PKCS#1 is the one structure that software 12.00 takes (guide 3.3)."""
    pem = (certificates / f"public-demo-{name}.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    der = (certificates / f"public-demo-{name}.der").read_bytes()

    assert pem.startswith(b"-----BEGIN RSA PRIVATE KEY-----\n")
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.public_key() == load(certificates, name.removesuffix("-key")).public_key()
    assert (
        key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        == der
    )


@pytest.mark.parametrize("year", [2010, 2049])
@pytest.mark.parametrize(("name", "purpose"), [("server", "sslserver"), ("client", "sslclient")])
def test_a_chain_is_good_from_2010_to_2049(certificates: Path, name: str, purpose: str, year: int) -> None:
    """Whatever date a user gives the module within reason; OpenSSL judges."""
    program = require_program("openssl", "openssl")
    files = {it: str(certificates / f"public-demo-{it}.pem") for it in CERTIFICATES}
    command = [program, "verify", "-attime", str(int(datetime(year, 6, 1, tzinfo=UTC).timestamp()))]
    command += ["-CAfile", files["ca"], "-untrusted", files["intermediate"], "-purpose", purpose, files[name]]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (f"{files[name]}: OK\n", "") == (done.stdout, done.stderr)


def test_making_them_again_replaces_all(tmp_path: Path) -> None:
    """A second run leaves the same files with new keys, and takes away what it no longer makes."""
    folder = make_certificates(tmp_path)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "public-demo-stale.pem").touch()

    make_certificates(tmp_path)

    second = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] == second[name]] == []
