"""What later firmware has beside the guide in #SSLSECDATA, #SSLS and the sending of data."""

from hashlib import md5

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.commands.peer import ObedientPeer, eventually
from tests.commands.reasons import reason_of, say
from tests.commands.ssl_bench import (
    HOST,
    OK,
    UMTS,
    authenticate,
    cme,
    dial,
    enter,
    information,
    ssl_bench,
    store,
    succeed,
)
from tests.peers.pki import CLIENT, OTHER_ROOT, ROOT

M37 = "ME310G1"
_KEY = load_pem_private_key(CLIENT.key_pem, None)
_FORMS = {
    "PKCS#8": _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    "PKCS#1": _KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
}
"""The private key by its structure."""


@pytest.mark.parametrize("form", _FORMS)
async def test_reading_the_private_key_may_show_its_md5_instead(form: str) -> None:
    """<md5WhenReading> 1; of keys in either structure, and not of certificates."""
    pem = _FORMS[form]
    async with ssl_bench(M37) as bench:
        await store(bench, 2, pem)
        await store(bench, 1, ROOT.pem)
        digest = md5(pem, usedforsecurity=False).hexdigest()
        assert information("#SSLSECDATA: 1,2", digest) == await bench.command("AT#SSLSECDATA=1,2,2,0,1")
        for line in ("AT#SSLSECDATA=1,2,2", "AT#SSLSECDATA=1,2,2,,0"):
            assert information("#SSLSECDATA: 1,2", pem.decode()) == await bench.command(line)
        assert information("#SSLSECDATA: 1,1", ROOT.pem.decode()) == await bench.command("AT#SSLSECDATA=1,2,1,0,1")
        assert information("#SSLSECDATA: 1,0", "No data stored") == await bench.command("AT#SSLSECDATA=1,2,0,0,1")


async def test_the_vendors_library_may_send_every_value() -> None:
    """With size 0 where none is needed; where one is, 0 is none."""
    async with ssl_bench(M37) as bench:
        await store(bench, 1, ROOT.pem)
        await succeed(bench, "AT#SSLSECCFG=1,0,0,0")
        assert cme(4) == await bench.command("AT#SSLSECDATA=1,1,1,0,0")
        assert reason_of(bench).startswith("size is missing")
        await succeed(bench, "AT#SSLSECDATA=1,0,1,0,0")
        assert (await bench.command("AT#SSLSECDATA?")).startswith("\r\n#SSLSECDATA: 1,0,0,0\r\n")
    async with ssl_bench(UMTS) as bench:
        assert cme(4) == await bench.command("AT#SSLSECDATA=1,0,1,0")
        assert cme(4) == await bench.command("AT#SSLSECDATA=1,2,2,1,1")


async def test_an_action_that_no_document_explains_is_refused_with_that_reason() -> None:
    """Action 3, which a library of the vendor can send; other firmware does not have the number."""
    async with ssl_bench(M37) as bench:
        assert information("#SSLSECDATA: (1-6),(0-3),(0-2),(0-2047),(0,1)") == await bench.command("AT#SSLSECDATA=?")
        assert "no document tells what <Action> 3 does" == await say(bench, "AT#SSLSECDATA=1,3,1,100")
    async with ssl_bench(UMTS) as bench:
        assert cme(4) == await bench.command("AT#SSLSECDATA=1,3,1,100")


async def test_a_server_is_trusted_by_any_of_several_ca_certificates() -> None:
    """Those of one entry, whatever their order; more of them than a firmware keeps are refused."""
    with ObedientPeer() as peer:
        async with ssl_bench(M37, peer.port) as bench:
            await authenticate(bench, OTHER_ROOT)
            assert "untrusted: certificate" in (await say(bench, f'AT#SSLD=1,443,"{HOST}",0,1') or "")
            for pems in ((OTHER_ROOT.pem, ROOT.pem), (ROOT.pem, OTHER_ROOT.pem)):
                await store(bench, 1, b"".join(pems))
                await dial(bench)
                await succeed(bench, "AT#SSLH=1")
    async with ssl_bench(M37, settings=["secure_socket.security_data.ca_certificates=1"]) as bench:
        text = ROOT.pem + OTHER_ROOT.pem
        reason = await say(bench, f"AT#SSLSECDATA=1,1,1,{len(text)}\n{text.decode()}\x1a")
        assert reason == "2 CA certificates are in the text; this firmware keeps at most 1"


async def test_the_state_comes_without_the_suite() -> None:
    """As hosts of these lines read it; and what a host sends behind a counted entry does no harm."""
    with ObedientPeer() as peer:
        async with ssl_bench(M37, peer.port) as bench:
            await dial(bench)
            assert information("#SSLS: 1,2") == await bench.command("AT#SSLS=1")
            assert OK == await enter(bench, "AT#SSLSENDEXT=1,4", "data\x1a")
            await succeed(bench, "AT")
            await eventually(lambda: peer.received == b"data", "the peer has the counted bytes alone")
