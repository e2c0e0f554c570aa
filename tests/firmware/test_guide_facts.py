"""What the SSL/TLS User Guide states, written down here once more and held against the shipped profiles."""

import pytest

from emulator.commands.catalogue import command_table
from emulator.errors import Cause
from emulator.firmware.limits import Numeric
from emulator.firmware.loader import list_models, load_firmware
from emulator.firmware.schema.ssl import SecureSocket
from emulator.firmware.status import Status

APPLICABILITY = """
    GC864-QUAD 10.00.xx7
    GC864-QUAD V2 10.00.xx7
    GC864-DUAL V2 10.00.xx7
    GE864-QUAD 10.00.xx7
    GE864-QUAD V2 10.00.xx7
    GE864-QUAD Automotive V2 10.00.xx7
    GE864-QUAD ATEX 10.00.xx7
    GE864-DUAL V2 10.00.xx7
    GE864-GPS 10.00.xx7
    GE865-QUAD 10.00.xx7
    GL865-DUAL 10.00.xx7
    GL865-QUAD 10.00.xx7
    GL868-DUAL 10.00.xx7
    GE910-QUAD 13.00.xx3
    GE910-GNSS 13.00.xx4
    GL865-DUAL V3 16.00.xx2
    GL865-QUAD V3 16.00.xx3
    GL868-DUAL V3 16.00.xx2
    GE910-QUAD V3 16.00.xx3
    GT863-PY 10.00.xx7
    GT864-QUAD 10.00.xx7
    GT864-PY 10.00.xx7
    HE910 12.00.xx4
    HE910-GA 12.00.xx4
    HE910-D 12.00.xx4
    HE910-EUR 12.00.xx4
    HE910-EUD 12.00.xx4
    HE910-EUG 12.00.xx4
    HE910-NAG 12.00.xx4
    HE910-NAR 12.00.xx4
    HE910-NAD 12.00.xx4
    UE910-EUR 12.00.xx4
    UE910-EUD 12.00.xx4
    UE910-NAR 12.00.xx4
    UE910-NAD 12.00.xx4
"""
PRINTED = dict(row.strip().rsplit(" ", 1) for row in APPLICABILITY.strip().splitlines())
"""As the table has them."""
MODELS = {name.replace(" ", "-"): version for name, version in PRINTED.items()}

GSM = {
    1: "TLS_RSA_WITH_RC4_128_MD5",
    2: "TLS_RSA_WITH_RC4_128_SHA",
    3: "TLS_RSA_WITH_AES_256_CBC_SHA",
}
HSPA = {
    1: "TLS_RSA_WITH_RC4_128_MD5",
    2: "TLS_RSA_WITH_RC4_128_SHA",
    3: "TLS_RSA_WITH_AES_128_CBC_SHA",
    4: "TLS_RSA_WITH_NULL_SHA",
}

every_model = pytest.mark.parametrize("model", MODELS)


def is_hspa(model: str) -> bool:
    return model.startswith(("HE910", "UE910"))


def socket_of(spec: str) -> SecureSocket:
    socket = load_firmware(spec).profile.secure_socket
    assert socket is not None
    return socket


def allowed(numeric: Numeric) -> list[int]:
    return [value for value in range(-1, 10) if numeric.allows(value)]


def test_the_models_are_those_of_the_applicability_table() -> None:
    """Each model has the version of its row, with zeros for the x."""
    expected = {model: version.replace("x", "0") for model, version in PRINTED.items()}

    documented = [entry for entry in list_models() if entry.status is Status.DOCUMENTED]
    assert expected == {entry.printed: str(entry.version) for entry in documented}
    assert list(MODELS) == [
        entry.name for entry in sorted(documented, key=lambda entry: [*PRINTED].index(entry.printed))
    ]


@every_model
def test_a_model_runs_its_first_version_with_ssl_unless_told_otherwise(model: str) -> None:
    """The default version is the table's."""
    firmware = load_firmware(model)

    assert f"{model}@{MODELS[model].replace('x', '0')}" == firmware.name
    assert firmware.profile.secure_socket is not None


@pytest.mark.parametrize("printed", PRINTED)
def test_a_module_says_which_model_and_version_it_is(printed: str) -> None:
    """+CGMM and +CGMR follow the firmware that was asked for, in the table's spelling or with hyphens."""
    for spec in (printed, printed.replace(" ", "-"), printed.lower()):
        identity = load_firmware(spec).profile.identity

        assert (printed, PRINTED[printed].replace("x", "0")) == (identity.model, identity.revision)


@pytest.mark.parametrize("marketed", ["HE910-G", "HE910-DG", "he910-dg"])
def test_a_marketed_name_is_that_of_its_type(marketed: str) -> None:
    """Footnote 1 of the table: HE910 is the type name of both."""
    assert ("HE910@12.00.004", "HE910") == (
        load_firmware(marketed).name,
        load_firmware(marketed).profile.identity.model,
    )


@every_model
def test_the_release_before_the_first_one_with_ssl_has_no_secure_socket(model: str) -> None:
    """Whatever its variant. On 10.00 that is release 5, before the table, as a presentation of the vendor has it."""
    line, release = MODELS[model].split(".xx")
    before = 4 if line == "10.00" else int(release) - 1

    assert load_firmware(f"{model}@{line}.00{before}").profile.secure_socket is None
    assert load_firmware(f"{model}@{line}.99{before}").profile.secure_socket is None
    assert load_firmware(f"{model}@{line}.12{release}").profile.secure_socket is not None
    assert load_firmware(f"{model}@{line}.009").profile.secure_socket is not None


@every_model
def test_a_higher_version_has_what_the_tables_has(model: str) -> None:
    """Note under the table: equal or higher."""
    line = MODELS[model].split(".xx")[0]
    higher = load_firmware(f"{model}@{line[:-1]}1.000")

    assert higher.line == line
    assert higher.profile.secure_socket == load_firmware(f"{model}@{line}.009").profile.secure_socket is not None


@pytest.mark.parametrize(("release", "limit"), [(5, 1535), (6, 1535), (7, 2047), (8, 2047)])
def test_security_data_of_the_first_releases_with_ssl_is_smaller(release: int, limit: int) -> None:
    """1,535 bytes from 10.00.xx5 on, in a presentation of the vendor; 2,047 from the guide's release on."""
    socket = socket_of(f"GE865-QUAD@10.00.00{release}")

    assert (limit, limit) == (socket.security_data.size_limit, socket.trust.certificate_size)


@every_model
def test_cipher_suites_have_the_numbers_of_table_1(model: str) -> None:
    """Tab. 1: the HE910 and UE910 families have AES 128 and NULL, the others AES 256."""
    suites = {choice.number: choice.suite for choice in socket_of(model).suites}

    assert (HSPA if is_hspa(model) else GSM) == suites


@every_model
def test_choice_0_offers_the_suites_in_the_guides_order(model: str) -> None:
    """Chapter 3.2 lists what 0 stands for; NULL is not in it."""
    socket = socket_of(model)
    expected = [HSPA[3], HSPA[2], HSPA[1]] if is_hspa(model) else [GSM[1], GSM[2], GSM[3]]

    assert expected == [suite.name for suite in socket.default_offer]


@every_model
def test_only_the_he910_and_ue910_families_choose_a_certificate_format(model: str) -> None:
    """Chapters 3.2 and 3.3: the others take PEM; private keys of HE910 and UE910 are PKCS#1."""
    formats = socket_of(model).security_data

    assert is_hspa(model) == formats.choosable
    assert (("pkcs1",) if is_hspa(model) else ("pkcs1", "pkcs8")) == formats.private_keys


@every_model
def test_security_data_and_certificates_have_at_most_2047_bytes(model: str) -> None:
    """Chapter 2.2.2."""
    socket = socket_of(model)

    assert (socket.security_data.size_limit, socket.trust.certificate_size) == (2047, 2047)


@every_model
def test_only_gsm_families_keep_a_session_and_dial_fast(model: str) -> None:
    """Chapters 4.3 and 4.4: HE910 and UE910 have closure type 0 alone, and no #SSLFASTD."""
    assert ([0] if is_hspa(model) else [0, 1]) == allowed(socket_of(model).closure_types)
    assert (not is_hspa(model)) == (command_table(load_firmware(model)).find("#SSLFASTD") is not None)


@every_model
def test_cpu_mode_exists_on_lines_10_and_16_alone(model: str) -> None:
    """Chapter 4.1: #CPUMODE=2 and 4 there, no such command on 12.00 and 13.00."""
    modes = load_firmware(model).profile.power.cpu_modes

    if MODELS[model][:5] in ("10.00", "16.00"):
        assert modes is not None
        assert {2, 4} <= set(allowed(modes))
    else:
        assert modes is None


@every_model
def test_authentication_modes_are_none_server_and_both(model: str) -> None:
    """Chapter 3.2."""
    assert allowed(socket_of(model).authentication) == [0, 1, 2]


@every_model
def test_a_peer_that_closes_is_reported_as_no_carrier(model: str) -> None:
    """Chapter 4.3; a read that waits says DISCONNECTED before it."""
    assert socket_of(model).peer_closed == "DISCONNECTED and NO CARRIER"


@every_model
def test_the_first_context_gets_the_address_of_the_guides_example(model: str) -> None:
    """Chapter 2.1.2 prints it."""
    assert load_firmware(model).profile.pdp.address == "212.195.45.65"


@pytest.mark.parametrize(
    ("cause", "code", "text"),
    [
        (Cause.OPERATION_NOT_SUPPORTED, 4, "operation not supported"),
        (Cause.SIM_NOT_INSERTED, 10, "SIM not inserted"),
        (Cause.ILLEGAL_MS, 103, "Illegal MS (#3)"),
        (Cause.ILLEGAL_ME, 106, "Illegal ME (#6)"),
        (Cause.GPRS_SERVICES_NOT_ALLOWED, 107, "GPRS services not allowed (#7)"),
        (Cause.PLMN_NOT_ALLOWED, 111, "PLMN not allowed (#11)"),
        (Cause.LOCATION_AREA_NOT_ALLOWED, 112, "Location area not allowed (#12)"),
        (Cause.ROAMING_NOT_ALLOWED, 113, "Roaming not allowed in this location area (#13)"),
        (Cause.SERVICE_OPTION_NOT_SUPPORTED, 132, "service option not supported (#32)"),
        (Cause.REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED, 133, "requested service option not subscribed (#33)"),
        (Cause.SERVICE_OPTION_OUT_OF_ORDER, 134, "service option temporarily out of order (#34)"),
        (Cause.UNSPECIFIED_GPRS_ERROR, 148, "unspecified GPRS error"),
        (Cause.PDP_AUTHENTICATION_FAILURE, 149, "PDP authentication failure"),
        (Cause.INVALID_MOBILE_CLASS, 150, "invalid mobile class"),
        (Cause.CONTEXT_ALREADY_ACTIVATED, 553, "context already activated"),
        (Cause.STACK_ALREADY_ACTIVE, 554, "stack already active"),
        (Cause.ACTIVATION_FAILED, 555, "activation failed"),
        (Cause.CONTEXT_NOT_OPENED, 556, "context not opened"),
        (Cause.CANNOT_RESOLVE, 558, "can not resolve DN"),
        (Cause.CONNECTION_FAILED, 562, "connection failed"),
        (Cause.SSL_NOT_ACTIVATED, 836, "SSL not activated"),
        (Cause.SSL_SECURITY_DATA, 837, "SSL certs and keys wrong or not stored"),
        (Cause.SSL_HANDSHAKE, 839, "SSL error during handshake"),
    ],
)
def test_errors_print_as_hosts_compare_them(cause: Cause, code: int, text: str) -> None:
    """The texts that hosts match, and the numbers that belong to them."""
    entry = load_firmware("GE865-QUAD").profile.errors[cause]

    assert (code, text) == (entry.code, entry.text)


def test_ring_modes_come_to_line_12_with_release_5() -> None:
    """12.00.225 has SSLSRING, and prints four more values of #SSLCFG; 12.00.004 knows neither."""
    before, after = socket_of("HE910@12.00.004"), socket_of("HE910@12.00.225")

    assert (allowed(before.ring_modes), before.configuration_tail) == ([0], 0)
    assert (allowed(after.ring_modes), after.configuration_tail) == ([0, 1, 2], 4)


@every_model
def test_the_imei_has_a_valid_check_digit(model: str) -> None:
    """A host that checks the Luhn digit accepts it."""
    digits = [int(digit) for digit in reversed(load_firmware(model).profile.identity.imei)]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])

    assert (doubled + sum(digits[::2])) % 10 == 0
