"""Whatever a server shows has a name in one line."""

from emulator.tls.subjects import subjects
from tests.peers.pki import ROOT, SERVER


def test_each_certificate_is_named_by_its_subject_in_the_order_in_which_they_were_shown() -> None:
    assert [f"CN={SERVER.name}", f"CN={ROOT.name}"] == subjects([SERVER.der, ROOT.der])
    assert ["a certificate that cannot be read"] == subjects([b"\x30\x00"])
