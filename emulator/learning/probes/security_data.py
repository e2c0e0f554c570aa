"""Probes of security data: sizes, forms of PEM, and which private keys are stored.

They write into empty places only, and delete at once what was stored; a place that is taken is left alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.asking.halving import highest_accepted
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.slots import CA, KEY, Slot, empty_slot
from emulator.learning.asking.throwaway import certificate, curve_key, rsa_key
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import PassedOver, Probe

_ABOVE: KeyPath = ("secure_socket", "security_data")
_REST = 0.1
"""Seconds of silence after which an answer is over."""
_HIGHEST_SIZE = 65535
_CURVES = ("secp256r1", "secp384r1", "secp521r1")


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes, where the base has SSL."""
    if inquiry.base.profile.secure_socket is not None:
        yield from (Sizes(), PemText(), SizeExcess(), PrivateKeys())


class SlotProbe(Probe):
    """Work with an empty place for security data."""

    kind = CA
    keys: Sequence[str] = ()
    changes = "#SSLEN, where it is off; security data of socket 1 where there is none"
    undone = "what was stored is deleted at once, and #SSLEN is set to what it was"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return ((*_ABOVE, key) for key in self.keys)

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with empty_slot(inquiry, self.kind) as slot:
            if slot is not None:
                yield from self.in_slot(inquiry, slot)
        if slot is None:
            raise PassedOver("security data of socket 1 is stored, or its SSL is in use")

    def in_slot(self, inquiry: Inquiry, slot: Slot) -> Iterator[Claim]:
        """Return what the place shows."""
        raise NotImplementedError


class Sizes(SlotProbe):
    """Ask for prompts with all sorts of <size>; no entry is made."""

    name = "sizes of security data"
    asks = "AT#SSLSECDATA=1,1,1 with a size, without, and with 0; ESC at its prompt; AT#SSLSECDATA=1,2,1"
    keys = ("size_limit", "size_optional", "size_zero", "nothing_stored")

    def in_slot(self, inquiry: Inquiry, slot: Slot) -> Iterator[Claim]:
        asked: dict[int, Exchange] = {}

        def accepts(size: int) -> bool:
            asked[size] = slot.prompts(f",{size}")
            return asked[size].is_prompt

        limit = highest_accepted(accepts, 1, _HIGHEST_SIZE)
        if limit is None:
            return
        if limit < _HIGHEST_SIZE:
            yield Claim((*_ABOVE, "size_limit"), limit, [asked[limit + 1], asked[limit]])
        without = slot.prompts("")
        yield Claim((*_ABOVE, "size_optional"), without.is_prompt, [without])
        zero = slot.prompts(",0")
        yield Claim((*_ABOVE, "size_zero"), zero.is_prompt, [zero])
        read = slot.read()
        if read.is_ok and len(read.lines) == 2:
            yield Claim((*_ABOVE, "nothing_stored"), read.lines[1], [read])


class PemText(SlotProbe):
    """Store a certificate whose lines end with CR LF, and one with something behind its END line."""

    name = "text of certificates"
    asks = "AT#SSLSECDATA=1,1,1 with a throw-away certificate: as it is, with CR LF, with EOF behind it, twice, …"
    keys = ("carriage_returns", "trailing_text")

    def seldom_tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        """Few firmwares take so few certificates that the size limit leaves room for one more."""
        yield (*_ABOVE, "ca_certificates")

    def in_slot(self, inquiry: Inquiry, slot: Slot) -> Iterator[Claim]:
        plain = certificate()
        as_it_is = slot.store(plain, len(plain), "a certificate")
        if not as_it_is.is_ok:
            return
        for key, text, what in (
            ("carriage_returns", plain.replace(b"\n", b"\r\n"), "a certificate with CR LF"),
            ("trailing_text", plain + b"EOF\n", "a certificate and EOF"),
        ):
            exchange = slot.store(text, len(text), what)
            if exchange.is_ok or exchange.refusal is not None:
                yield Claim((*_ABOVE, key), exchange.is_ok, [as_it_is, exchange])
        yield from _certificates(slot, plain)


def _certificates(slot: Slot, plain: bytes) -> Iterator[Claim]:
    """Store more and more certificates in one entry, as many as have room."""
    before: Exchange | None = None
    for count in range(1, _HIGHEST_SIZE // len(plain)):
        text = plain * count
        if not slot.prompts(f",{len(text)}").is_prompt:
            return
        exchange = slot.store(text, len(text), f"{count} certificates")
        if not exchange.is_ok:
            if before is not None and exchange.refusal is not None:
                yield Claim((*_ABOVE, "ca_certificates"), count - 1, [before, exchange])
            return
        before = exchange


class SizeExcess(SlotProbe):
    """Store a certificate that is longer than its <size>."""

    name = "entries longer than their size"
    asks = "AT#SSLSECDATA=1,1,1 with a throw-away certificate and a smaller and smaller size"
    keys = ("size_excess",)

    def in_slot(self, inquiry: Inquiry, slot: Slot) -> Iterator[Claim]:
        plain = certificate()
        shown: dict[int, Exchange] = {}

        def accepts(excess: int) -> bool:
            shown[excess] = slot.store(plain, len(plain) - excess, f"{len(plain)} bytes")
            inquiry.hear(_REST)  # of a module that takes what is beyond the size for commands
            return shown[excess].is_ok

        most = highest_accepted(accepts, 0, len(plain) - 1)
        if most is not None and most < len(plain) - 1:
            yield Claim((*_ABOVE, "size_excess"), most, [shown[most], shown[most + 1]])


class PrivateKeys(SlotProbe):
    """Store throw-away keys of every structure and kind."""

    name = "private keys"
    kind = KEY
    asks = "AT#SSLSECDATA=1,1,2 with throw-away keys: RSA and on curves, as PKCS #1, PKCS #8 and SEC 1"
    keys = ("private_keys", "key_kinds")

    def in_slot(self, inquiry: Inquiry, slot: Slot) -> Iterator[Claim]:
        profile = inquiry.base.profile.secure_socket
        assert profile is not None, "the probe is made where the base has SSL"
        stored: dict[tuple[str, str], Exchange] = {}
        for kind, structure, make in _keys():
            text = make()
            stored[kind, structure] = slot.store(text, len(text), f"a key: {kind}, {structure}")
        formats, exchanges = profile.security_data, list(stored.values())
        taken = {pair: exchange.is_ok for pair, exchange in stored.items()}
        structures = _known_structures(taken)
        yield from _list("private_keys", formats.private_keys, structures, exchanges)
        kinds = _known_kinds(taken, structures)
        yield from _list("key_kinds", [str(kind) for kind in formats.key_kinds], kinds, exchanges)


def _keys() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    for structure in ("pkcs1", "pkcs8"):
        yield "rsa", structure, lambda structure=structure: rsa_key(structure)  # type: ignore[misc]
    for curve in _CURVES:
        for structure in ("pkcs8", "sec1"):
            yield curve, structure, lambda curve=curve, structure=structure: curve_key(curve, structure)  # type: ignore[misc]


def _known_structures(taken: Mapping[tuple[str, str], bool]) -> Mapping[str, bool]:
    """Return whether each structure is taken; nothing of one whose keys may have been refused for their kind."""
    kinds = {kind for (kind, _), is_ok in taken.items() if is_ok}
    known: dict[str, bool] = {}
    for (kind, structure), is_ok in taken.items():
        if is_ok or kind in kinds:
            known[structure] = known.get(structure, False) or is_ok
    return known


def _known_kinds(taken: Mapping[tuple[str, str], bool], structures: Mapping[str, bool]) -> Mapping[str, bool]:
    """Return whether each kind is taken; nothing of one whose structures are all refused or unknown."""
    known: dict[str, bool] = {}
    for (kind, structure), is_ok in taken.items():
        if structures.get(structure):
            known[kind] = known.get(kind, False) or is_ok
    return known


def _list(key: str, base: Sequence[str], known: Mapping[str, bool], shown_by: Sequence[Exchange]) -> Iterator[Claim]:
    """Claim a list, in the order of the base; what no answer depends on stays as the base has it.

    That is SEC 1 where no curve is taken, and RSA keys whose signatures are by PSS.
    """
    kept = [name for name in base if known.get(name, True)]
    added = [name for name, is_taken in known.items() if is_taken and name not in base]
    if any(known.values()):
        yield Claim((*_ABOVE, key), [*kept, *added], shown_by)
