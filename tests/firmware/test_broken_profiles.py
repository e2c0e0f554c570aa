"""Every mistake in a profile is one line that names the file, the key, what was found and what is allowed."""

import os
from pathlib import Path
from typing import Any

import pytest

from emulator.errors import UserError
from emulator.firmware import lines
from emulator.firmware.layers import merge
from emulator.firmware.loader import load_firmware
from emulator.firmware.version import Version


def complaint(path: Path) -> str:
    """The one line that refuses this profile, without the file's name that must open it."""
    with pytest.raises(UserError) as caught:
        load_firmware(str(path))
    message = str(caught.value)
    assert message.splitlines() == [message]
    assert message.startswith(f"{path}: ")
    return message.removeprefix(f"{path}: ")


CONTENTS = {
    "[network]\nsignal = 120": "network.signal is 120; give a whole number from 0 to 99",
    '[network]\nsignal = "high"': 'network.signal is "high"; give a whole number from 0 to 99',
    "[network]\nsgnal = 1": "unknown key network.sgnal; the nearest is signal",
    "[netwrk]\nsignal = 1": "unknown key netwrk; the nearest is network",
    '"a\\nb" = 1': r'unknown key "a\nb"; one of identity, terminal,',
    "zzz = 1": "unknown key zzz; one of identity, terminal,",
    "network = 1": "network is 1; give a table of operators, registration,",
    "[network.signal]\nx = 1": "network.signal is a table; give a whole number from 0 to 99",
    "[network]\nattached = 1": "network.attached is 1; give true or false",
    '[[network.operators]]\nname = "A"\nstatus = 1': (
        "network.operators[0].numeric is missing; give 5 or 6 digits in quotes"
    ),
    '[[network.operators]]\nname = "A"\nstatus = 1\nnumeric = "1"': 'network.operators[0].numeric is "1"',
    "[identity]\nimei = 490154203237518": "identity.imei is 490154203237518; give 15 digits in quotes",
    'identity = "a\\u0085b"': r'identity is "a\u0085b"; give a table of manufacturer, model, revision',
    '[identity]\nmodel = "a\\nb"': r'identity.model is "a\nb"; give text of one line, at most 200 characters',
    '[pdp]\naddress = "999.1.1.1"': 'pdp.address is "999.1.1.1"; give an IPv4 address in quotes',
    '[[pdp.factory]]\ncid = 6\ntype = "IP"\napn = "a"': "pdp: `factory` defines context 6, which `cids` does not allow",
    '[[pdp.factory]]\ncid = 1\ntype = "X25"\napn = "a"': "pdp: `factory` has type X25; `types` has IP",
    "[calendar]\nfactory_date = 2004-01-01": 'calendar.factory_date is "2004-01-01"; give yy/MM/dd,hh:mm:ss in quotes',
    '[calendar]\nfactory_date = "04/13/01,00:00:00"': "calendar: there is no such `factory_date` as 04/13/01,00:00:00",
    "[power]\nboot = true": "power.boot is true; give a number from 0 to 600",
    "[power]\nboot = nan": "power.boot is NaN; give a number from 0 to 600",
    '[pdp.refusals]\nundefined = "x"': 'pdp.refusals.undefined is "x"; give one of phone_failure,',
    '[errors.ssl_handshak]\ncode = 1\ntext = "a"': "unknown key errors.ssl_handshak; the nearest is ssl_handshake",
    "[errors.unknown]\ncode = -1": "errors.unknown.code is -1; give a whole number from 0 to 65535",
    '[settings."+CMEE"]\ndefault = 9': 'settings."+CMEE": the default 9 is outside the values allowed, 0 to 2',
    '[settings."+NEW"]\nrange = [0, 1]': 'settings."+NEW": a `default` is missing; give one of the values allowed',
    "[settings.'\\N']\ndefault = 1": r"settings.'\N': give either `range` or `choices`",
    '[settings.E]\npart = "x"': 'settings.E.part is "x"; give one of base, extended, none',
    "[settings.E]\nchoices = []": "settings.E: `choices` is empty",
    "[settings.E]\nrange = [-1, 1]": (
        "settings.E.range is [-1, 1]; give a list of 2, each a whole number from 0 to 4294967295"
    ),
    "[settings.S3]\nrange = [0, 300]": "settings.S3: 300 is not a character; give values from 0 to 255",
    '[settings."+ICF.format"]\nrange = [0, 6]': 'settings."+ICF.format": 6 is not a format of V.250 6.2.11',
    '[settings."+CSCS"]\nrange = [0, 9]': 'settings."+CSCS" allows 9; the places in `sms.alphabets` are 0 to 4',
    '[sms]\nalphabets = ["GSM"]': 'settings."+CSCS" allows 4; the places in `sms.alphabets` are 0 to 0',
    "[sms]\nalphabets = []": "sms.alphabets is []; give a list, at least one, each one of GSM, HEX,",
    "[sim.phonebook]\nstorages = []": "sim.phonebook.storages is []; give a list, at least one, each a table of",
    "[pdp]\nclasses = []": "pdp.classes is []; give a list, at least one, each text",
    'unset = ["power.functionality.default"]': "power.functionality: a `default` is missing",
    "unset = ['settings.\"+IPR\"']": 'unset: every module has settings."+IPR"',
    "[secure_socket.inactivity]\ndefault = 70000": (
        "secure_socket.inactivity: the default 70000 is outside the values allowed, 0 to 65535"
    ),
    "[secure_socket.inactivity]\nrange = [9, 1]": "secure_socket.inactivity: the range ends before it begins, 9 to 1",
    "[secure_socket.inactivity]\nrange = [9]": (
        "secure_socket.inactivity.range is [9]; give a list of 2, each a whole number"
    ),
    "[secure_socket]\ninactivity = { range = [0, 9], choices = [1] }": (
        "secure_socket.inactivity: give either `range` or `choices`"
    ),
    "[secure_socket]\nidentifiers = { range = [2, 3] }": (
        "secure_socket: `identifiers` is to have 1, and nothing beyond 16"
    ),
    "[secure_socket]\nidentifiers = { range = [1, 17] }": (
        "secure_socket: `identifiers` is to have 1, and nothing beyond 16"
    ),
    "[secure_socket]\noffered = [7]": "secure_socket: `offered` names a number that `suites` does not have",
    "[secure_socket]\ncipher_default = 9": "secure_socket: `cipher_default` is neither 0 nor a number of `suites`",
    '[secure_socket]\npeer_closed = "X"': 'secure_socket.peer_closed is "X"; give one of NO CARRIER, DISCONNECTED, '
    "DISCONNECTED and NO CARRIER",
    '[secure_socket]\nsuites = [{ suite = "TLS_RSA_WITH_NULL_SHA" }]': (
        "secure_socket.suites[0].number is missing; give a whole number from 1 to 9"
    ),
    '[secure_socket]\nsuites = [{ number = 1, suite = "AES" }]': "secure_socket.suites[0]: no such suite; known are ",
    '[secure_socket]\nsuites = [{ number = 2, suite = "TLS_RSA_WITH_NULL_SHA" }]\noffered = [2]': (
        "secure_socket: the numbers of `suites` do not count from 1 on, one by one"
    ),
    '[secure_socket]\ntls_version = "TLS 1.4"': (
        "secure_socket: `tls_version` is 'TLS 1.4'; known are SSL 3.0, TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3"
    ),
    '[secure_socket]\nsuites = [{ number = 1, suite = "TLS_RSA_WITH_AES_128_CBC_SHA256" }]\noffered = [1]': (
        "secure_socket: TLS 1.0 does not have TLS_RSA_WITH_AES_128_CBC_SHA256; it has TLS_RSA_WITH_NULL_SHA, "
    ),
    '[secure_socket.security_data]\nprivate_keys = ["der"]': (
        'secure_socket.security_data.private_keys is ["der"]; give a list, each one of pkcs1, pkcs8'
    ),
    "[secure_socket.trust]\nkey_bits = [2048, 512]": (
        "secure_socket.trust: `key_bits` ends before it begins, 2048 to 512"
    ),
    '[secure_socket.trust]\ndigests = ["sha7"]': (
        'secure_socket.trust.digests is ["sha7"]; give a list, each one of md5, sha1, sha256, sha384, sha512'
    ),
}

_EXTENDED = "[secure_socket.extended_security]"
_ONE = '{ number = 1, lowest = "TLS 1.0", highest = "TLS 1.2" }'
LATER_CONTENTS = {
    f'{_EXTENDED}\nversions = [{{ number = 1, lowest = "TLS 1.2", highest = "TLS 1.0" }}]': (
        "secure_socket.extended_security.versions[0]: TLS 1.2 is no older version than TLS 1.0"
    ),
    f'{_EXTENDED}\nversions = [{{ number = 1, lowest = "TLS 9", highest = "TLS 1.0" }}]': (
        "secure_socket.extended_security.versions[0]: there is no version 'TLS 9'; known are SSL 3.0, "
    ),
    f"{_EXTENDED}\nversions = []": "secure_socket.extended_security.versions is []; give ",
    f"{_EXTENDED}\nversions = [{_ONE}, {_ONE}]": "secure_socket.extended_security: `versions` has a number twice",
    f"{_EXTENDED}\nversion_default = 7": (
        "secure_socket.extended_security: `version_default` is no number of `versions`"
    ),
    f"{_EXTENDED}\ncustom_ca = {{ choices = [0], default = 0 }}": (
        "secure_socket.extended_security: `custom_ca` stands behind `preloaded_ca`; give that, too"
    ),
    f"{_EXTENDED}\npreloaded_ca = {{ choices = [0], default = 0 }}\nshown = 2": (
        "secure_socket.extended_security: `shown` is 2, the command has 3 values"
    ),
    "[secure_socket.hello]\nextensions = []": (
        "secure_socket: `hello.extensions` lacks server_name, which `extended_security.server_name` asks for"
    ),
    '[secure_socket.hello]\nscsv_until = "TLS 9"': "secure_socket.hello: `scsv_until` is 'TLS 9'; known are SSL 3.0, ",
    "[secure_socket]\nconfiguration_tail = 5": (
        "secure_socket: `configuration_tail` counts 5 values, there are ring_mode, no_carrier_mode, "
        "host_mismatch, unused"
    ),
    '[secure_socket]\noffered = ["AES"]': "secure_socket: `offered` has 'AES'; known are TLS_RSA_WITH_NULL_SHA, ",
    '[secure_socket]\noffered = ["TLS_AES_128_GCM_SHA256"]': (
        "secure_socket: SSL 3.0 or TLS 1.0 or TLS 1.1 or TLS 1.2 does not have TLS_AES_128_GCM_SHA256; it has "
    ),
}
"""What is wrong in a profile that extends the LE910 V2's."""


@pytest.mark.parametrize(("text", "expected"), LATER_CONTENTS.items())
def test_a_wrong_value_of_a_later_line_is_named(tmp_path: Path, text: str, expected: str) -> None:
    """As on the lines of the guide."""
    path = tmp_path / "own.toml"
    path.write_text(f'extends = "LE910-V2"\n{text}\n')

    said = complaint(path)

    assert expected == said[: len(expected)]


@pytest.mark.parametrize(("text", "expected"), CONTENTS.items())
def test_a_wrong_value_is_named_with_what_is_allowed(tmp_path: Path, text: str, expected: str) -> None:
    """File, key, what was found, what may stand there."""
    path = tmp_path / "own.toml"
    path.write_text(f'extends = "HE910"\n{text}\n')

    said = complaint(path)

    assert expected == said[: len(expected)]


HEADS = {
    "": "extends is missing; name what the profile builds on",
    "extends = 5": "extends is 5; give a text of one line",
    'extends = "HE91O"': "extends: no model 'HE91O'; the nearest is HE910",
    'extends = "HE910@16.00.003"': (
        "extends: HE910 runs versions 12.0x, not 16.00.003; its default version is 12.00.004"
    ),
    'extends = "11.00"': (
        "extends = '11.00' is no line; the lines are "
        "10.00, 12.00, 13.00, 14.00, 16.00, 17.00, 20.00, 25.20, 30.00, 37.00"
    ),
    'extends = "./none.toml"': "extends = './none.toml' leads to ",
    'extends = "./own.toml"': "extends itself, by way of own.toml",
    'extends = "12.00"': "model is missing; a profile that extends a line gives model and version",
    'extends = "12.00"\nmodel = "X"': "version is missing; a profile that extends a line gives model and version",
    'extends = "12.00"\nmodel = "X"\nversion = "x"': "'x' is no version; one reads like 12.00.004",
    'extends = "12.00"\nmodel = "X"\nversion = "10.00.007"': "version 10.00.007 is not of line 12.00, which",
    'extends = "HE910"\nmodel = "X"': "model is given by extends (HE910@12.00.004); leave it out",
    'extends = "HE910"\nname = ""': "name is ''; give a text of one line",
    "extends = ": "not TOML: Invalid value (at ",
    'extends = "HE910"\n[network]\nsignal = 1\nsignal = 2': "not TOML: Cannot overwrite a value (at ",
    f'extends = "HE910"\nx = {"[" * 5000}{"]" * 5000}': "nested too deeply",
}


@pytest.mark.parametrize(("text", "expected"), HEADS.items(), ids=map(str, range(len(HEADS))))
def test_a_profile_that_builds_on_nothing_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    """What a profile extends, and what it calls itself, is checked first."""
    path = tmp_path / "own.toml"
    path.write_text(text)

    said = complaint(path)

    assert expected == said[: len(expected)]


def test_profiles_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    """The loop is shown in the order in which the files were met."""
    (tmp_path / "a.toml").write_text('extends = "b.toml"')
    (tmp_path / "b.toml").write_text('extends = "a.toml"')

    assert complaint(tmp_path / "a.toml") == "extends itself, by way of a.toml and b.toml"


def test_the_file_that_gave_the_value_is_named_not_the_one_that_was_asked_for(tmp_path: Path) -> None:
    """A mistake in what a profile extends is mended there."""
    base, own = tmp_path / "base.toml", tmp_path / "own.toml"
    base.write_text('extends = "HE910"\n[network]\nsignal = 120\n')
    own.write_text('extends = "base.toml"\n[network]\nbit_errors = 1\n')

    with pytest.raises(UserError) as caught:
        load_firmware(str(own))

    assert str(caught.value) == f"{base}: network.signal is 120; give a whole number from 0 to 99"


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """The other way of naming a firmware is said, too."""
    assert complaint(tmp_path / "none.toml") == "no such file; give the path of a profile, or MODEL[@VERSION]"


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    """It is not searched for one either."""
    assert complaint(tmp_path) == "a folder, not a profile; name a file in it"


def test_a_file_below_a_file_cannot_be_read(tmp_path: Path) -> None:
    """The system's own reason is given."""
    (tmp_path / "file").touch()

    assert complaint(tmp_path / "file" / "own.toml") == "Not a directory; a profile must be a readable file"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    """The system's own reason is given."""
    path = tmp_path / "own.toml"
    path.touch(mode=0)

    assert complaint(path) == "Permission denied; a profile must be a readable file"


def test_a_link_that_leads_to_itself_is_named(tmp_path: Path) -> None:
    """Not followed for ever."""
    path = tmp_path / "own.toml"
    path.symlink_to(path)

    assert complaint(path) == "Too many levels of symbolic links; a profile must be a readable file"


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """TOML is UTF-8."""
    path = tmp_path / "own.toml"
    path.write_bytes(b'extends = "HE910"\nname = "\xe4"\n')

    assert complaint(path) == "byte 26 is not UTF-8; save a profile as UTF-8"


def test_a_path_with_a_null_byte_is_refused() -> None:
    """It can name no file."""
    with pytest.raises(UserError, match="give the path of a profile"):
        load_firmware("a\0.toml")


_HEAD = 'extends = "common"\nstatus = "public"\n'
LINES = {
    "": "extends is missing; give text",
    'extends = "common"': "status is missing; give one of documented, public, provisional",
    'extends = "12.00"\nstatus = "public"\nmodels = []': (
        "extends = '12.00' is no layer that lines share; give one of common, lower, ring"
    ),
    'extends = "../common"\nstatus = "public"\nmodels = []': (
        "extends = '../common' is no layer that lines share; give one of common, lower, ring"
    ),
    _HEAD: "models is missing; give a list, each a table of name, version, aliases, overrides, since",
    f'{_HEAD}models = [{{ name = "A" }}]': "models[0].version is missing; give a version, as 12.00.004",
    f'{_HEAD}models = [{{ name = "A", version = "10.00.007" }}]': "A has version 10.00.007; give one of line 99.00",
    f"{_HEAD}models = []\nsince = [{{ release = 10 }}]": ("since: release is 10; give a whole number from 0 to 9"),
    f"{_HEAD}models = []\nsince = [{{}}]": "since: release is None; give a whole number from 0 to 9",
    f'{_HEAD}models = []\nsince = [{{ release = 1, version = "99.00.001" }}]': (
        "since: release and version are two beginnings; give one of them"
    ),
    f"{_HEAD}models = []\nsince = [{{ version = 5 }}]": "since: version: '5' is no version; one reads like 12.00.004",
    f'{_HEAD}models = []\nsince = [{{ version = "12.00.004" }}]': (
        "since: version is 12.00.004; give one of line 99.00"
    ),
}


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the shipped profiles, with layers that lines may share."""
    lines.common()
    (tmp_path / "common.toml").touch()
    (tmp_path / "lower.toml").write_text('extends = "common"\n[network]\nsignal = 3\nregistration = 5\n')
    (tmp_path / "ring.toml").write_text('extends = "ring"\n')
    monkeypatch.setattr(lines, "PROFILES", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("text", "expected"), LINES.items())
def test_a_broken_line_file_is_named(shipped: Path, text: str, expected: str) -> None:
    """Whoever edits a shipped file is told as much as for a file of their own."""
    (shipped / "99.00.toml").write_text(text)

    with pytest.raises(UserError) as caught:
        lines.read_line("99.00")

    assert str(caught.value) == f"{shipped / '99.00.toml'}: {expected}"


SHARED = {
    "": "extends is missing; give text",
    'extends = "upper"': "extends = 'upper' leads back to itself; a chain of layers ends with 'common'",
    'extends = "uper"': "extends = 'uper' is no layer that lines share; give one of common, lower, ring, upper",
}


@pytest.mark.parametrize(("text", "expected"), SHARED.items())
def test_a_broken_layer_that_lines_share_is_named(shipped: Path, text: str, expected: str) -> None:
    """And not the line that extends it."""
    (shipped / "upper.toml").write_text(text)
    (shipped / "99.00.toml").write_text('extends = "upper"\nstatus = "public"\nmodels = []\n')

    with pytest.raises(UserError) as caught:
        lines.read_line("99.00")

    assert str(caught.value) == f"{shipped / 'upper.toml'}: {expected}"


def test_lines_may_share_a_chain_of_layers(shipped: Path) -> None:
    """Each is laid over the one that it extends, and the line over all of them."""
    (shipped / "upper.toml").write_text('extends = "lower"\n[network]\nregistration = 1\nbit_errors = 2\n')
    text = 'extends = "upper"\nstatus = "public"\nmodels = []\n[network]\nbit_errors = 7\n'
    (shipped / "99.00.toml").write_text(text)

    line = lines.read_line("99.00")

    merged = merge(line.layers("A", Version.parse("99.00.001")))
    assert (3, 1, 7) == tuple(merged["network"][key] for key in ("signal", "registration", "bit_errors"))
    assert [lines.COMMON, "lower", "upper"] == [Path(layer.source).stem for layer in line.below]


def test_what_is_new_may_begin_with_another_branch(shipped: Path) -> None:
    """Where a line has several, and the release alone says nothing of age."""
    text = """
        extends = "common"
        status = "public"
        covers = "99.xx"
        models = [{ name = "A", version = "99.21.003" }]
        [network]
        registration = 1
        [[since]]
        version = "99.30.000"
        [since.network]
        registration = 5
    """
    (shipped / "99.00.toml").write_text(text)

    line = lines.read_line("99.00")

    def registration(version: str) -> Any:
        return merge(line.layers("A", Version.parse(version)))["network"]["registration"]

    assert (1, 5, 5) == tuple(map(registration, ("99.21.669", "99.30.000", "99.31.001")))


def test_a_model_may_differ_from_its_line_from_a_release_on(shipped: Path) -> None:
    """A line file says what a release brought and what a model has of its own."""
    text = """
        extends = "common"
        status = "public"
        models = [{ name = "A", version = "99.00.001", overrides = { network = { signal = 3 } } }]
        [network]
        bit_errors = 7
        [[since]]
        release = 2
        [since.network]
        registration = 5
    """
    (shipped / "99.00.toml").write_text(text)

    line = lines.read_line("99.00")

    assert (line.models[0].name, str(line.since[0][0])) == ("A", "99.00.002")
    assert line.models[0].overrides.tables == {"network": {"signal": 3}}
    assert line.since[0][1].tables == {"network": {"registration": 5}}
    assert line.facts.tables == {"network": {"bit_errors": 7}}
