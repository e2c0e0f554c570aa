"""DNS messages, against scapy. RFC 1035."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dns import DNS, DNSQR, DNSRROPT

from emulator.ip.dns import Question, Response, address_record, format_error, name_record
from emulator.ip.packet import Malformed

LABELS = st.from_regex(r"[A-Za-z0-9_-]{1,63}", fullmatch=True)
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(".".join).filter(lambda name: len(name) < 250)


def query(name: str, kind: str | int = "A", **fields: Any) -> bytes:
    return bytes(DNS(**{"id": 77, "rd": 1, "qd": DNSQR(qname=name, qtype=kind), **fields}))


@given(NAMES, st.integers(0, 65535), st.integers(0, 65535))
def test_a_question_is_read(name: str, kind: int, identifier: int) -> None:
    question = Question.parse(query(name, kind, id=identifier))

    assert (identifier, name, kind, 1) == (question.identifier, question.name, question.kind, question.family)
    assert question.is_standard


@given(NAMES, st.lists(st.ip_addresses(v=4).map(str), max_size=3))
def test_addresses_are_answered(name: str, addresses: list[str]) -> None:
    """With the question, so that a resolver knows what it has asked."""
    answer = DNS(Question.parse(query(name)).answer(Response.NO_ERROR, *map(address_record, addresses)))

    assert (77, 1, 1, 1, 0) == (answer.id, answer.qr, answer.rd, answer.ra, answer.rcode)
    assert [name.encode() + b"."] == [each.qname for each in answer.qd]
    assert addresses == [record.rdata for record in answer.an or []]
    assert all(record.rrname == name.encode() + b"." and record.type == 1 for record in answer.an or [])


def test_a_name_is_answered() -> None:
    question = Question.parse(query("1.2.0.192.in-addr.arpa", "PTR"))

    answer = DNS(question.answer(Response.NO_ERROR, name_record("server.lab")))

    assert question.asks_for_name_of == "192.0.2.1"
    assert (12, b"server.lab.") == (answer.an[0].type, answer.an[0].rdata)


@pytest.mark.parametrize(
    ("kind", "address", "pointer"),
    [("A", True, False), ("ALL", True, False), ("AAAA", False, False), ("MX", False, False), ("PTR", False, True)],
)
def test_the_type_says_what_is_asked_for(kind: str, address: bool, pointer: bool) -> None:
    question = Question.parse(query("4.3.2.1.in-addr.arpa", kind))

    assert (address, pointer) == (question.asks_for_address, question.asks_for_name_of is not None)


def test_of_another_class_nothing_is_asked_for() -> None:
    question = Question.parse(query("a.b", qd=DNSQR(qname="a.b", qtype="A", qclass=3)))

    assert not question.asks_for_address
    assert question.asks_for_name_of is None


@pytest.mark.parametrize("response", Response)
def test_a_refusal_has_its_code(response: Response) -> None:
    answer = DNS(Question.parse(query("a.b")).answer(response))

    assert (response, 0) == (answer.rcode, answer.ancount)


def test_what_follows_the_question_is_ignored() -> None:
    """EDNS, for one."""
    question = Question.parse(query("a.b", ar=DNSRROPT(rclass=4096)))

    assert DNS(question.answer(Response.NO_ERROR)).arcount == 0


def test_another_operation_is_no_standard_query() -> None:
    assert not Question.parse(query("a.b", opcode=2)).is_standard


WHOLE = query("name.example")


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(WHOLE[:11], id="cut in the header"),
        pytest.param(WHOLE[:15], id="cut in a label"),
        pytest.param(WHOLE[:17], id="cut after a label"),
        pytest.param(WHOLE[:-1], id="cut in the question"),
        pytest.param(query("a.b", qr=1), id="an answer"),
        pytest.param(bytes(DNS(id=77, qd=[])), id="no question"),
        pytest.param(WHOLE[:12] + b"\xc0\x0c" + WHOLE[-4:], id="a pointer to itself"),
        pytest.param(WHOLE[:12] + b"\x3f" + b"a" * 63 + b"\x3f" + b"b" * 63 + b"\x3f" + b"c" * 63 + b"\x3f"
                     + b"d" * 63 + b"\0\0\1\0\1", id="a name too long"),
    ],
)  # fmt: skip
def test_what_is_no_query_is_refused(message: bytes) -> None:
    with pytest.raises(Malformed):
        Question.parse(message)


def test_a_query_that_cannot_be_read_gets_a_format_error() -> None:
    """Unless nobody could be answered, or an answer would be answered."""
    answer = format_error(WHOLE[:15])

    assert answer is not None
    assert (77, 1, 1) == (DNS(answer).id, DNS(answer).qr, DNS(answer).rcode)
    assert [None, None] == [format_error(WHOLE[:11]), format_error(query("a.b", qr=1)[:15])]


@given(st.binary(max_size=100))
def test_nothing_but_malformed_comes_of_any_bytes(message: bytes) -> None:
    try:
        question = Question.parse(message)
    except Malformed:
        format_error(message)
        return
    question.answer(Response.NO_ERROR, address_record("192.0.2.1"), name_record(question.name))
