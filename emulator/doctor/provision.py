"""The dialogue that a host types so that the module reaches the server: guide 3 and 4."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from emulator.device.ssl.item import DataType, Format
from emulator.device.ssl.policy import MUTUAL_AUTHENTICATION, NO_AUTHENTICATION
from emulator.doctor.certificates import name_of, validity_of
from emulator.doctor.extended import factory_choice, versions_with
from emulator.doctor.question import Question
from emulator.doctor.security_data import certificates_as_entered, key_as_entered
from emulator.doctor.verdict import Reason, Verdict
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.packet import DefaultBearer
from emulator.firmware.schema.ssl import SecureSocket

_DEFAULT_TIMEOUT = 10.0
"""Seconds: <Timeout> of #SSLD where it is left out (guide 4.1)."""
_CERT_FORMATS: dict[Format, int] = {"DER": 0, "PEM": 1}
"""<cert_format> of #SSLSECCFG (guide 3.2)."""
_CLOCK = "%y/%m/%d,%H:%M:%S+00"
_DELETE, _WRITE = 0, 1
"""<Action> of #SSLSECDATA (guide 3.3)."""


@dataclass(frozen=True)
class Access:
    """What the server does not tell: where the host gets its network from, and the date."""

    apn: str
    """The access point of +CGDCONT."""
    now: datetime


@dataclass(frozen=True)
class Typed:
    """A command, and what the module answers, in the words of a dialogue file."""

    command: str
    answers: tuple[str, ...] = ("< OK",)
    meaning: str = ""
    """One sentence for a person."""
    within: float | None = None
    """Seconds that the answer may take."""
    repeated: bool = False
    """Whether it is asked again until it is answered like this."""


@dataclass(frozen=True)
class Entered:
    """Security data behind the prompt, and OK."""

    what: str
    data: bytes = field(repr=False)
    form: Format


Step = Typed | Entered


def is_provisionable(verdict: Verdict, question: Question) -> bool:
    """Return whether a host can reach the server with the right dialogue."""
    if verdict.numbers:
        return True
    if verdict.also:
        return False
    match verdict.reason:
        case Reason.DATE:
            return _date(verdict) is not None
        case Reason.CHAIN:  # another CA certificate is to be stored, and it is known
            return verdict.server.root is not None and verdict.server.root.certificate not in question.ca
    return False


def provisioning(verdict: Verdict, question: Question, access: Access) -> tuple[Step, ...]:
    """Return what the host types on the verdict's firmware, which `is_provisionable`."""
    profile = load_firmware(verdict.firmware.name).profile
    socket = profile.secure_socket
    assert socket is not None, "a firmware without SSL reaches no server"
    number = socket.cipher_default if verdict.cipher_suite is None else verdict.cipher_suite
    return tuple(_Writer(verdict, question, access, socket, number, profile.pdp.default_bearer).steps())


@dataclass(frozen=True)
class _Writer:
    verdict: Verdict
    question: Question
    access: Access
    profile: SecureSocket
    number: int
    bearer: DefaultBearer | None

    def steps(self) -> Iterator[Step]:
        if self.question.mode != NO_AUTHENTICATION:
            yield from self._clock()
        yield Typed("AT#SSLEN=1,1", ("< OK", "<| ERROR"), "Enable SSL; ERROR where it is enabled already.")
        form: Format | None = None
        for kind, what, (data, needed) in self._security_data():
            if needed != form:
                yield self._configuration(form := needed)
            yield Typed(
                f"AT#SSLSECDATA=1,{_DELETE},{kind.value}", ("< OK", "<| ERROR"), f"Delete an older {_word(kind)}."
            )
            size = len(data)
            yield Typed(f"AT#SSLSECDATA=1,{_WRITE},{kind.value},{size}", ("<prompt",), f"Store the {_word(kind)}.")
            yield Entered(what, data, needed)
        if form is None:
            yield self._configuration(None)
        yield from self._extended()
        yield from self._connection()

    def _clock(self) -> Iterator[Step]:
        date = _date(self.verdict, self.access.now) or self.access.now
        meaning = "Set the clock (UTC): the module checks the dates of certificates by it."
        if self.verdict.reason is Reason.DATE:
            yield Typed("AT#NITZ=0", ("< OK", "<| ERROR"), "Keep the network from setting the clock.")
            meaning = "Set the clock to a date at which every certificate is valid: the server's is not valid today."
        yield Typed(f'AT+CCLK="{date.astimezone(UTC).strftime(_CLOCK)}"', meaning=meaning)

    def _configuration(self, form: Format | None) -> Typed:
        choosable = form is not None and self.profile.security_data.choosable
        written = f",{_CERT_FORMATS[form]}" if form is not None and choosable else ""
        meaning = "Choose <cipher_suite> and <auth_mode>"
        return Typed(
            f"AT#SSLSECCFG=1,{self.number},{self.question.mode}{written}",
            meaning=f"{meaning}, and {form} for what follows." if written else f"{meaning}.",
        )

    def _extended(self) -> Iterator[Typed]:
        """Yield #SSLSECCFG2 where the firmware has it: the values in NVM may be others than the factory's."""
        values = self.verdict.extended or factory_choice(self.profile)
        if values is not None:
            name = ", and name the server" if values.server_name else ""
            yield Typed(f"AT#SSLSECCFG2=1,{values}", meaning=f"Offer {versions_with(self.profile, values)}{name}.")

    def _security_data(self) -> Iterator[tuple[DataType, str, tuple[bytes, Format]]]:
        question, formats = self.question, self.profile.security_data
        if question.mode == NO_AUTHENTICATION:
            return
        if anchors := _anchors(self.verdict, question):
            names = ", ".join(map(name_of, anchors))
            yield DataType.CA_CERTIFICATE, f"CA certificate {names}", certificates_as_entered(anchors, formats)
        if question.mode == MUTUAL_AUTHENTICATION:
            own = question.certificate
            yield DataType.CERTIFICATE, f"certificate {name_of(own[0])}", certificates_as_entered(own, formats)
            yield DataType.PRIVATE_KEY, "private key", key_as_entered(question.key, formats)

    def _connection(self) -> Iterator[Step]:
        question = self.question
        yield Typed(f'AT+CGDCONT=1,"IP","{self.access.apn}"', meaning="Name the access point of your operator.")
        yield from _own_context() if self.bearer is None else _default_bearer(self.bearer)
        timeout = "" if question.timeout == _DEFAULT_TIMEOUT else f",{round(question.timeout * 10)}"
        command = f'AT#SSLD=1,{question.port},"{question.host}",0,1{timeout}'
        yield Typed(command, meaning="Dial, and stay in command mode.", within=max(60, 2 * question.timeout))
        yield Typed("AT#SSLH=1", meaning="Close the connection.")


def _own_context() -> Iterator[Typed]:
    """Yield what brings up a context that the host activates."""
    yield _registration("+CREG")
    activated = ("<? #SGACT: {ip}", "< OK", "<| ERROR")
    yield Typed("AT#SGACT=1,1", activated, "Activate the context; ERROR where it is active already.", within=150)


def _default_bearer(bearer: DefaultBearer) -> Iterator[Typed]:
    """Yield what waits for the context that comes with the attachment: to activate it may be refused."""
    yield _registration("+CEREG")
    active = (f"< #SGACT: {bearer.cid},1", "<* #SGACT: {any}", "< OK")
    meaning = f"Wait until context {bearer.cid} is active: it is the default bearer of LTE."
    yield Typed("AT#SGACT?", active, meaning, within=60, repeated=True)


def _registration(name: str) -> Typed:
    registered = (f"< {name}: {{number}},1{{any}}", f"<| {name}: {{number}},5{{any}}", "< OK")
    return Typed(f"AT{name}?", registered, "Wait until the module is registered.", within=60, repeated=True)


def _anchors(verdict: Verdict, question: Question) -> tuple[bytes, ...]:
    if verdict.reason is Reason.CHAIN and verdict.server.root is not None:
        return (verdict.server.root.certificate,)
    return question.ca or ((verdict.anchor.certificate,) if verdict.anchor is not None else ())


def _word(kind: DataType) -> str:
    words = {DataType.CA_CERTIFICATE: "CA certificate", DataType.PRIVATE_KEY: "private key"}
    return words.get(kind, "client certificate")


def _date(verdict: Verdict, now: datetime | None = None) -> datetime | None:
    """Return `now` where all certificates are valid then, else a date at which they are; None where there is none."""
    anchor = (verdict.anchor.certificate,) if verdict.anchor is not None else ()
    limits = [validity_of(certificate) for certificate in (*verdict.server.chain, *anchor)]
    if not limits:
        return now
    first, last = max(begin for begin, _ in limits), min(end for _, end in limits)
    if now is not None and first <= now <= last:
        return now
    within = max(first, last - timedelta(days=1))
    return within if first <= within <= last else None
