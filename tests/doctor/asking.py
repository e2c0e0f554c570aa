"""Ask the doctor about a server on loopback."""

from collections.abc import Sequence

from emulator.doctor.examination import examine
from emulator.doctor.question import Question
from emulator.doctor.selection import choose_with_ssl
from emulator.doctor.verdict import Verdict
from tests.doctor.servers import NAME
from tests.peers.pki import Party

GSM = "GE865-QUAD@10.00.007"
SMALL = "GE865-QUAD@10.00.005"
"""A firmware with less room for certificates."""
UMTS = "HE910@12.00.004"
V2 = "LE910-V2"
LTE_M = "ME310G1"
"""Firmwares with #SSLSECCFG2: up to TLS 1.2 with RSA, and up to TLS 1.3."""


async def ask(
    port: int,
    *firmwares: str,
    mode: int = 0,
    ca: Sequence[Party] = (),
    client: Party | None = None,
    key: Party | None = None,
    timeout: float = 10.0,
    host: str = NAME,
    route: str = NAME,
) -> tuple[Verdict, ...]:
    """The verdicts on a server at that port; those of HE910 alone when no firmware is named."""
    question = Question(
        host,
        443,
        mode,
        tuple(party.der for party in ca),
        tuple(party.der for party in client.chain) if client is not None else (),
        (key or client).key_bytes() if client is not None else b"",
        {route: f"127.0.0.1:{port}"},
        timeout,
    )
    return await examine(question, choose_with_ssl(firmwares or [UMTS]))
