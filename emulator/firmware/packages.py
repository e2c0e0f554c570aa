"""Names of software packages: `M0C.500003` holds what is also called 37.00.504.

Six digits follow the point: the variant of the version, its second number, and the release less one.
"""

import re

from emulator.firmware.layers import Tables
from emulator.firmware.version import Version

_FORM = r"(?a)[A-Z]\d[A-Z]\.(\d\d)(\d\d)(\d\d)"
PACKAGE = "package"
_OF_VERSIONS = "of_versions"
_RELEASES = 9
"""Releases that have one before them."""


def package_number(version: Version) -> str:
    """Return the six digits of a version's packages."""
    return f"{version.variant:02d}{version.minor:02d}{max(version.release - 1, 0):02d}"


def version_of_package(name: str, major: int, identity: Tables) -> Version | None:
    """Return the version that a package belongs to; None where the line has no package of that name.

    Args:
        name: as in `M0C.500003`.
        major: the first number of the line's versions.
        identity: the texts of the line.
    """
    name, recorded = name.upper(), identity.get(PACKAGE, {}).get(_OF_VERSIONS, {})
    for version, packages in recorded.items():
        if name in packages.values():
            return Version.parse(version)
    found = re.fullmatch(_FORM, name)
    if found is None or int(found[3]) >= _RELEASES:
        return None
    variant, minor, before = map(int, found.groups())
    counted = Version(major, minor, variant, before + 1)
    return counted if name in named(identity, "", counted).get(PACKAGE, {}).values() else None


def named(identity: Tables, model: str, version: Version) -> Tables:
    """Return model, revision and packages of a firmware, from the texts of its line.

    `{version}` and `{number}` are filled in, and in the revision `{modem}`.
    """
    values = {"version": str(version), "number": package_number(version)}
    texts = dict(identity.get(PACKAGE, {}))
    recorded = texts.pop(_OF_VERSIONS, {}).get(str(version), {})
    packages = {key: _filled(text, values) for key, text in {**texts, **recorded}.items()}
    packages = {key: _filled(text, packages) for key, text in packages.items()}
    revision = _filled(identity.get("revision", "{version}"), {**values, **packages})
    return {"model": model, "revision": revision, **({PACKAGE: packages} if packages else {})}


def _filled(text: object, values: dict[str, str]) -> str:
    filled = str(text)
    for name, value in values.items():
        filled = filled.replace(f"{{{name}}}", value)
    return filled
