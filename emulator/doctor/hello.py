"""Reasons why a server does not answer the hello of a firmware: version, name, key, suites."""

from emulator.device.ssl.policy import MUTUAL_AUTHENTICATION
from emulator.doctor.certificates import key_of
from emulator.doctor.dial import DialOutcome, End
from emulator.doctor.extended import Extended, factory_choice, names_server, spoken_versions, versions_with
from emulator.doctor.finding import Finding, listed, sentence
from emulator.doctor.modern import UNRECOGNIZED_NAME
from emulator.doctor.question import Question
from emulator.doctor.survey import Survey
from emulator.doctor.verdict import Reason
from emulator.firmware.schema.ssl import SecureSocket
from emulator.tls.client import FailureCause

_UNUSABLE = (FailureCause.KEY_UNUSABLE, FailureCause.UNTRUSTED)
"""Failures that are the module's own decision."""


def offered_by(profile: SecureSocket) -> tuple[str, ...]:
    """Return what choice 0 offers, as OpenSSL calls it."""
    return tuple(suite.openssl_name for suite in profile.default_offer)


def suite_of(profile: SecureSocket, number: int) -> str:
    """Return the suite of a <cipher_suite>, as OpenSSL calls it."""
    return profile.numbered_suites[number].openssl_name


def find_other_number(profile: SecureSocket, numbers: tuple[int, ...]) -> Finding:
    """Return the finding that another <cipher_suite> than the default works: one of `numbers`."""
    names = tuple(f"cipher_suite {number} ({_with_warning(suite_of(profile, number))})" for number in numbers)
    offered = listed(offered_by(profile), "or")
    return Finding(
        Reason.SUITES,
        sentence(f"the server takes none of {offered}, which are offered by default; {listed(names)} works"),
    )


def find_other_security(profile: SecureSocket, chosen: Extended, numbers: tuple[int, ...], *, named: bool) -> Finding:
    """Return the finding that other values of #SSLSECCFG2 work, with one of `numbers`.

    `named` tells whether the server answers who does not name it, and shows a certificate that is not accepted.
    """
    factory, works = factory_choice(profile), f"AT#SSLSECCFG2=1,{chosen}"
    assert factory is not None, "a firmware without the command has no other values"
    if profile.cipher_default not in numbers:
        works += f" and cipher_suite {listed(tuple(map(str, numbers)), 'or')}"
    before, after = (versions_with(profile, one) for one in (factory, chosen))
    if before != after:
        how = f"{after}, naming the server" if chosen.server_name else str(after)
        text = f"the server does not take {before}, the default of this firmware; it works with {works} ({how})"
        return Finding(Reason.VERSION, sentence(text))
    if named:
        text = "the server shows who does not name it (SNI) a certificate that is not accepted"
    else:
        text = "the server answers only clients that name it in their hello (SNI)"
    return Finding(Reason.SERVER_NAME, sentence(f"{text}; it works with {works}"))


def _with_warning(suite: str) -> str:
    return f"{suite}, no encryption" if suite.startswith("NULL") else suite


async def find_at_hello(profile: SecureSocket, question: Question, survey: Survey) -> Finding | None:
    """Return what the server misses in the hello; None where that cannot be told."""
    general = await survey.general()
    if not general.answers:
        return _unknown_name(question) if general.alert == UNRECOGNIZED_NAME else None
    spoken = spoken_versions(profile)
    versions = await survey.versions() or (general.version,)
    common = [version for version in versions if version in spoken]
    if not common:
        also = await _obstacles(profile, survey, versions[0])
        text = f"the server speaks {listed(versions)} only, this firmware speaks {listed(spoken)}"
        return Finding(Reason.VERSION, sentence(text), also)
    version = common[-1]
    obstacles = await _obstacles(profile, survey, version)
    if not obstacles:
        return None
    first, *others = obstacles
    return Finding(first, await _told(first, profile, survey, version), tuple(others))


def _unknown_name(question: Question) -> Finding:
    text = f"the server knows no {question.host}: it answers only clients that call it by its name (SNI)"
    return Finding(Reason.SERVER_NAME, sentence(text))


async def _obstacles(profile: SecureSocket, survey: Survey, version: str) -> tuple[Reason, ...]:
    """Return what else stands in the way at a version that the server speaks."""
    found = []
    if not names_server(profile) and await survey.needs_name(version):
        found.append(Reason.SERVER_NAME)
    if not (await survey.at(version, offered_by(profile))).answers:
        chain = (await survey.at(version)).chain
        found.append(Reason.SUITES if not chain or key_of(chain[0]).startswith("RSA") else Reason.KEY)
    return tuple(found)


async def _told(reason: Reason, profile: SecureSocket, survey: Survey, version: str) -> str:
    match reason:
        case Reason.SERVER_NAME:
            text = "the server answers only clients that name it in their hello (SNI), which this firmware does not"
        case Reason.KEY:
            key = key_of((await survey.at(version)).chain[0])
            text = f"the key of the server's certificate is {key}; this firmware needs an RSA key"
        case _:
            offered, taken = listed(offered_by(profile), "or"), listed(await survey.suites(version))
            text = f"the server takes none of {offered}; in {version} it takes {taken}"
    return sentence(text)


def find_by_answer(profile: SecureSocket, question: Question, outcome: DialOutcome) -> Finding:
    """Return the reason that the server's own answer tells, where the modern dials told no better one."""
    offered = listed(offered_by(profile), "or")
    if outcome.end is End.SILENCE:
        text = f"the server does not answer the hello of this firmware within {question.timeout:g} s"
        return Finding(Reason.SILENCE, sentence(text))
    match outcome.cause:
        case FailureCause.PROTOCOL_VERSION:
            text = f"the server does not speak {listed(spoken_versions(profile), 'or')}: {outcome.detail}"
            return Finding(Reason.VERSION, sentence(text))
        case FailureCause.DOWNGRADE:
            return Finding(Reason.VERSION, sentence(f"the version is lowered on the way: {outcome.detail}"))
        case FailureCause.NO_COMMON_SUITE:
            return Finding(Reason.SUITES, sentence(f"the server takes none of {offered}: {outcome.detail}"))
        case FailureCause.NOT_TLS | FailureCause.BAD_MESSAGE:
            return Finding(Reason.NO_TLS, sentence(f"what the server answers is no valid TLS: {outcome.detail}"))
        case FailureCause.PEER_CLOSED:
            return Finding(Reason.CLOSED, sentence(f"the server closes the connection {outcome.detail}"))
    return Finding(Reason.CLOSED, sentence(f"the server ends the handshake: {outcome.detail}"))


def find_client_certificate(question: Question, outcome: DialOutcome) -> Finding | None:
    """Return the finding that the server wants a client certificate, or refuses this one; None where it does not."""
    if "certificate_request" not in outcome.heard or outcome.cause in _UNUSABLE or outcome.end is End.OPEN:
        return None
    if question.mode == MUTUAL_AUTHENTICATION:
        text = f"the server does not accept the client certificate: {outcome.detail}"
    else:
        text = f"the server wants a client certificate, and turns away who shows none: {outcome.detail}"
    return Finding(Reason.CLIENT_CERTIFICATE, sentence(text))
