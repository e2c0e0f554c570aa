"""How messages are coded: 23.038 and 23.040, by examples that circulate, and by their own return."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.device.sms import alphabet
from emulator.device.sms.address import ALPHANUMERIC, Address, decoded, decoded_centre
from emulator.device.sms.tpdu import HEADER, Deliver, Submit, decode, shown, stamped
from emulator.device.sms.user_data import Coding, UserData, coding_of, parts_of, service_coding_of

CHARACTERS = "".join(alphabet.text_of(bytes((code,))) for code in range(128) if code != alphabet.ESCAPE)
EXTENDED = "^{}\\[~]|€"
NUMBERS = st.from_regex(r"\+?[0-9*#]{1,20}", fullmatch=True)


def test_a_text_in_septets() -> None:
    """The classic example."""
    assert alphabet.pack(alphabet.septets("hellohello")).hex().upper() == "E8329BFD4697D9EC37"
    assert alphabet.unpack(bytes.fromhex("E8329BFD4697D9EC37"), 10) == b"hellohello"


@given(st.text(CHARACTERS + EXTENDED, max_size=200))
def test_every_text_of_the_alphabet_comes_back(text: str) -> None:
    """From characters to octets and back."""
    codes = alphabet.septets(text)
    assert alphabet.text_of(alphabet.unpack(alphabet.pack(codes), len(codes))) == text


@pytest.mark.parametrize("character", ["ё", "`", "Ç".lower(), "\t", "😀"])
def test_what_the_alphabet_lacks_is_refused(character: str) -> None:
    """The caller chooses another coding."""
    with pytest.raises(ValueError, match="not in the GSM"):
        alphabet.septets(f"a{character}")


@given(NUMBERS)
def test_numbers_come_back(number: str) -> None:
    """With their type, and what follows them."""
    address = Address.of(number)
    assert decoded(address.encoded() + b"rest") == (address, b"rest")


@given(st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True))
def test_service_centres_come_back(number: str) -> None:
    """Their length is in octets."""
    centre = Address.of(number)
    assert decoded_centre(centre.encoded_for_centre() + b"rest") == (centre, b"rest")


@given(st.text(CHARACTERS, min_size=1, max_size=11))
def test_names_come_back(name: str) -> None:
    """Up to a character that seven bits cannot tell from filling."""
    back, rest = decoded(Address(name, ALPHANUMERIC).encoded() + b"rest")
    assert (back.number.rstrip("@"), rest) == (name.rstrip("@"), b"rest")


def test_a_message_that_was_delivered() -> None:
    """An example that circulates: how it is read, and that it is written again as it was."""
    pdu = bytes.fromhex("07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37")
    centre, octets = decoded_centre(pdu)
    message = decode(octets)
    assert centre == Address("+27381000015", 145)
    assert isinstance(message, Deliver)
    assert (message.origin.number, message.origin.type) == ("27838890001", 0xC8)
    assert shown(message.stamp) == "99/03/29,15:16:59+08"
    assert message.data.text(coding_of(message.scheme)) == "hellohello"
    assert message.encoded() == octets


def test_a_message_to_be_sent() -> None:
    """Another that circulates, with a relative validity period."""
    centre, octets = decoded_centre(bytes.fromhex("0011000B916407281553F80000AA0AE8329BFD4697D9EC37"))
    message = decode(octets)
    assert centre is None
    assert isinstance(message, Submit)
    assert (message.destination.number, message.validity) == ("+46708251358", b"\xaa")
    assert message.data.text(Coding.GSM) == "hellohello"
    assert message.encoded() == octets


@given(st.binary(max_size=180))
def test_no_octets_harm(octets: bytes) -> None:
    """They are a message that is written again as it was, or are refused."""
    try:
        written = decode(octets).encoded()
    except ValueError:
        return
    assert decode(written).encoded() == written


@pytest.mark.parametrize("size", range(len("0B916407281553F80000AA0AE8329BFD4697D9EC37") // 2))
def test_a_message_that_is_cut_off_is_refused(size: int) -> None:
    """Wherever."""
    octets = bytes.fromhex("11000B916407281553F80000AA0AE8329BFD4697D9EC37")
    with pytest.raises(ValueError, match=r"cut off|long|kind"):
        decode(octets[:size])


@pytest.mark.parametrize(
    ("scheme", "coding"),
    [
        (0x00, Coding.GSM),
        (0x04, Coding.OCTETS),
        (0x08, Coding.UCS2),
        (0x0C, Coding.OCTETS),
        (0x10, Coding.GSM),
        (0x18, Coding.UCS2),
        (0x20, Coding.OCTETS),
        (0x80, Coding.OCTETS),
        (0xC0, Coding.GSM),
        (0xD8, Coding.GSM),
        (0xE0, Coding.UCS2),
        (0xF0, Coding.GSM),
        (0xF4, Coding.OCTETS),
    ],
)
def test_data_coding_schemes(scheme: int, coding: Coding) -> None:
    """23.038 4."""
    assert coding_of(scheme) is coding


@pytest.mark.parametrize(("zone", "text"), [(4, "+04"), (-20, "-20"), (0, "+00"), (35, "+35"), (-32, "-32")])
def test_time_stamps(zone: int, text: str) -> None:
    """With the zone in quarters of an hour."""
    assert shown(stamped(datetime(2014, 6, 1, 13, 0, 59), zone)) == f"14/06/01,13:00:59{text}"


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("a" * 307, 3), ("ж" * 70, 1), ("ж" * 71, 2)]
)
def test_long_texts_become_several_messages(text: str, parts: int) -> None:
    """160 septets or 70 characters in one, 153 or 67 in each of several."""
    assert len(parts_of(text, 1)) == parts


@given(st.text(CHARACTERS + EXTENDED + "ж😀", max_size=700))
def test_the_parts_of_a_text_make_it_again(text: str) -> None:
    """Behind a header each, where there are several; none cuts a character in two."""
    parts = parts_of(text, 300)
    pieces = []
    for number, (data, coding) in enumerate(parts, start=1):
        header = b"" if len(parts) == 1 else bytes((5, 0, 3, 300 & 0xFF, len(parts), number))
        assert data.octets.startswith(header)
        assert len(data.octets) <= 140
        if coding is Coding.GSM:
            filled = -(-8 * len(header) // 7)
            pieces.append(alphabet.text_of(alphabet.unpack(data.octets, data.length)[filled:]))
        else:
            pieces.append(data.octets[len(header) :].decode("utf-16-be"))
    assert "".join(pieces) == text


def test_user_data_that_is_too_long() -> None:
    """One message carries 140 octets."""
    assert UserData.of(bytes(160), Coding.GSM).length == 160
    for coding, size in ((Coding.GSM, 161), (Coding.OCTETS, 141), (Coding.UCS2, 142)):
        with pytest.raises(ValueError, match="too long"):
            UserData.of(bytes(size), coding)
    assert HEADER == 0x40


@pytest.mark.parametrize(
    ("coding", "schemes"),
    [
        (Coding.GSM, [0x0F, 0x10, 0x40, 0xF0]),
        (Coding.OCTETS, [0x44, 0x4C, 0xF4]),
        (Coding.UCS2, [0x11, 0x48, 0x98]),
    ],
)
def test_the_coding_of_a_service_code(coding: Coding, schemes: list[int]) -> None:
    """23.038 5."""
    assert {coding} == {service_coding_of(scheme) for scheme in schemes}
