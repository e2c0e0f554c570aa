"""Records of a server that has the keys, and makes them wrong: MAC, padding, length, Finished."""

from dataclasses import replace

import pytest

from emulator.tls.client import FailureCause, TlsFailure, TlsState
from emulator.tls.native.ciphers import bulk_cipher
from emulator.tls.native.encrypt_then_mac import EncryptThenMac
from emulator.tls.wire.alerts import FatalError
from emulator.tls.wire.keys import DirectionKeys
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, ProtocolVersion
from tests.peers.recordings import RECORDED, Recording, fixed_random, record, recording, split_records
from tests.peers.tls_mutations import flip
from tests.tls.conftest import AES128, NULL
from tests.tls.test_native_handshake import ALERT, DATA, failure_of, message

each_version = pytest.mark.parametrize("version", [TLS_1_0, TLS_1_1, TLS_1_2], ids=lambda version: version.name)


class TestProofs:
    @pytest.mark.parametrize("body", [bytes(12), b"", bytes(11), bytes(13)])
    def test_a_wrong_finished_is_refused(self, body: bytes) -> None:
        """A server with all the keys but another transcript; the session never opens."""
        recorded = recording(AES128)
        client = recorded.resuming_client()
        client.data_to_send()

        failure = failure_of(client, recorded.forge((22, message(20, body))))

        assert failure.cause is FailureCause.BAD_FINISHED
        assert (client.data_to_send(), client.session) == (record(ALERT, b"\x02\x33"), None)

    @each_version
    def test_wrong_padding_is_refused_though_its_mac_is_right(self, version: ProtocolVersion) -> None:
        """The padding's last byte is right, and one before it is not (RFC 2246 6.2.3.2)."""
        recorded = recording(AES128, version)
        bulk = recorded.bulk_cipher
        assert failure_by_padding(recorded, bulk.padding) is None

        for wrong in (
            [bytes(len(padding) - 1) + padding[-1:] for padding in bulk.padding],
            [padding[:-1] + b"\xff" for padding in bulk.padding],
            [b"\x01" + padding[1:] for padding in bulk.padding],
        ):
            failure = failure_by_padding(recorded, tuple(wrong))

            assert failure is not None
            assert failure.cause is FailureCause.BAD_RECORD_MAC

    @each_version
    def test_missing_padding_is_refused_though_its_mac_is_right(self, version: ProtocolVersion) -> None:
        """Under CBC there is always padding, even where the content fills its blocks by itself."""
        recorded = recording(AES128, version)
        unpadded = replace(recorded.bulk_cipher, padding=(b"", *recorded.bulk_cipher.padding[1:]))
        stream = recorded.forge((22, recorded.finished()), (DATA, b"twelve bytes"), bulk=unpadded)

        failure = failure_of(recorded.resuming_client(), stream)

        assert failure.cause is FailureCause.BAD_RECORD_MAC

    @each_version
    def test_longer_padding_is_accepted(self, version: ProtocolVersion) -> None:
        """Up to 255 bytes may hide the length of the content."""
        recorded = recording(AES128, version)
        longer = tuple(bytes([len(padding) + 239]) * (len(padding) + 240) for padding in recorded.bulk_cipher.padding)

        assert failure_by_padding(recorded, longer) is None

    @pytest.mark.parametrize(("version", "suite"), RECORDED)
    def test_whatever_is_wrong_with_a_record_the_server_hears_the_same(
        self, version: ProtocolVersion, suite: CipherSuite
    ) -> None:
        """Too short for IV, nonce, MAC or tag, a wrong byte of it, or wrong padding: bad_record_mac, and in clear."""
        recorded = recording(suite, version)
        sealed = split_records(recorded.resumed)[2][5:]
        lengths = (length for length in (0, 7, 8, 15, 16, 17, 23, 24, 32, 48, len(sealed) - 1) if length < len(sealed))
        wrong = [sealed[:length] for length in lengths]
        wrong += [flip(position, 1)(sealed) for position in (0, 8, 16, len(sealed) - 17, len(sealed) - 1)]

        answers = {_answer_to(recorded, fragment) for fragment in wrong}

        assert answers == {(FailureCause.BAD_RECORD_MAC, record(ALERT, b"\x02\x14", version))}

    def test_more_plaintext_than_a_record_holds_is_refused(self) -> None:
        """Record_overflow, though MAC and length on the wire are right."""
        recorded = recording(NULL)

        failure = failure_of(
            recorded.resuming_client(), recorded.forge((22, recorded.finished()), (DATA, bytes(16385)))
        )

        assert (failure.cause, "16385" in failure.detail) == (FailureCause.BAD_MESSAGE, True)

    def test_a_malformed_change_cipher_spec_is_refused(self) -> None:
        """It is one byte, and that is 1."""
        recorded = recording(AES128)

        failure = failure_of(recorded.resuming_client(), recorded.server_hello + record(20, b"\x02"))

        assert failure.cause is FailureCause.BAD_MESSAGE

    def test_what_is_kept_of_a_session_hides_its_secret(self) -> None:
        """What is printed of it holds no key."""
        session = recording(AES128).session

        assert session.master_secret.hex() not in repr(session)
        assert "master_secret" not in repr(session)


def _answer_to(recorded: Recording, fragment: bytes) -> tuple[FailureCause, bytes]:
    """The cause, and what is sent, where the server's Finished is this fragment."""
    client = recorded.resuming_client()
    client.data_to_send()
    stream = recorded.server_hello + record(20, b"\x01", recorded.version) + record(22, fragment, recorded.version)
    return failure_of(client, stream).cause, client.data_to_send()


def failure_by_padding(recorded: Recording, padding: tuple[bytes, ...]) -> TlsFailure | None:
    """How the client takes a Finished that is padded like this."""
    bulk = replace(recorded.bulk_cipher, padding=padding)
    client = recorded.resuming_client()
    try:
        client.receive(recorded.forge((22, recorded.finished()), bulk=bulk))
    except TlsFailure as failure:
        return failure
    assert client.state is TlsState.OPEN
    return None


@each_version
def test_with_the_mac_outermost_every_fault_is_one_of_the_mac(version: ProtocolVersion) -> None:
    """RFC 7366: nothing is decrypted before it is proved; down to a record of no byte."""
    protected = EncryptThenMac(bulk_cipher(AES128, version))
    keys = DirectionKeys(*(bytes(range(size)) for size in protected.sizes))
    (sealed,) = protected.write_state(keys, fixed_random).seal(DATA, [b"plaintext"])
    assert protected.read_state(keys).open(DATA, sealed) == b"plaintext"

    for wrong in (
        *(sealed[:length] for length in range(0, len(sealed), 5)),
        *(flip(position, 1)(sealed) for position in range(0, len(sealed), 5)),
    ):
        with pytest.raises(FatalError) as caught:
            protected.read_state(keys).open(DATA, wrong)

        assert (caught.value.alert, caught.value.detail) == (20, "a record cannot be opened: its MAC is wrong")
