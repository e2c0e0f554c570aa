"""What to change at a server so that modules reach it; `recipes.toml` has the directives."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from emulator.doctor.extended import spoken_versions
from emulator.doctor.verdict import Reason, Verdict
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.ssl import SecureSocket


@dataclass(frozen=True)
class Program:
    """A program that serves TLS."""

    name: str
    place: str
    """Where its directives stand."""


@dataclass(frozen=True)
class Recipe:
    """What removes one reason."""

    name: str
    reasons: tuple[Reason, ...]
    """Each for which it is chosen."""
    mends: tuple[Reason, ...]
    """Each that it removes."""
    what: str
    risk: str
    directives: Mapping[str, str]
    """By program."""
    shell: str = ""
    """Commands that make the files, with any program."""
    before: Mapping[str, str] = field(default_factory=dict)
    """Further commands for one program."""
    without: Mapping[str, str] = field(default_factory=dict)
    """What one program must not have."""
    modes: tuple[int, ...] = (0, 1, 2)
    """The <auth_mode>s that it is for."""
    newest: tuple[str, ...] = ()
    """The newest versions of the firmwares that it is for; empty for all."""

    def is_for(self, reason: Reason, mode: int, newest: str) -> bool:
        """Return whether it helps a firmware whose newest version is `newest`."""
        return reason in self.reasons and mode in self.modes and newest in (self.newest or (newest,))

    def filled(self, filling: "Filling") -> "Recipe":
        """Return it with what is known of the server and the modules in the place of the names in braces."""
        return replace(
            self,
            what=filling.fill(self.what),
            shell=filling.fill(self.shell),
            directives={program: filling.fill(text) for program, text in self.directives.items()},
        )


@dataclass(frozen=True)
class Filling:
    """What stands for the names in braces."""

    host: str
    port: int
    size: int
    """Bytes of the largest certificate that all modules take."""
    tls_port: int = 8443
    """A port for what is put in front of the server."""

    def fill(self, text: str) -> str:
        """Return the text with these values; other braces stay, as nginx has them."""
        for name, value in vars(self).items():
            text = text.replace(f"{{{name}}}", str(value))
        return text


def programs() -> Mapping[str, Program]:
    """Return all programs by their keys."""
    return _loaded()[0]


def all_recipes() -> tuple[Recipe, ...]:
    """Return all recipes, their placeholders not filled."""
    return _loaded()[1]


@cache
def _loaded() -> tuple[Mapping[str, Program], tuple[Recipe, ...]]:
    tables = tomllib.loads(files("emulator.doctor").joinpath("recipes.toml").read_text("utf-8"))
    named = {key: Program(**table) for key, table in tables["programs"].items()}
    return named, tuple(map(_recipe, tables["recipes"]))


def _recipe(table: Mapping[str, Any]) -> Recipe:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    for key in ("reasons", "mends"):
        values[key] = tuple(Reason(reason) for reason in values[key])
    return Recipe(**values)


def choose_recipes(verdicts: Sequence[Verdict]) -> list[Recipe]:
    """Return what the verdicts call for, each once."""
    needed: dict[tuple[Reason, int, str], int] = {}
    for verdict in verdicts:
        for reason in _reasons(verdict):
            profile = _profile(verdict)
            key, size = (reason, verdict.mode, spoken_versions(profile)[-1]), profile.trust.certificate_size
            needed[key] = min(size, needed.get(key, size))
    chosen: list[Recipe] = []
    for recipe in all_recipes():
        mended = {reason for one in chosen for reason in one.mends}
        sizes = [
            size
            for (reason, mode, newest), size in needed.items()
            if recipe.is_for(reason, mode, newest) and reason not in mended
        ]
        if sizes:
            server = verdicts[0].server
            chosen.append(recipe.filled(Filling(server.host, server.port, min(sizes))))
    return chosen


def _profile(verdict: Verdict) -> SecureSocket:
    profile = load_firmware(verdict.firmware.name).profile.secure_socket
    assert profile is not None, "it has a reason that a server can remove"
    return profile


def _reasons(verdict: Verdict) -> list[Reason]:
    """Return the reasons that the server has to remove: not those for which a host chooses by #SSLSECCFG2."""
    if (
        verdict.reason is None
        or verdict.extended is not None
        or load_firmware(verdict.firmware.name).profile.secure_socket is None
    ):
        return []
    return [reason for reason in (verdict.reason, *verdict.also) if _is_of_server(reason, verdict)]


def _is_of_server(reason: Reason, verdict: Verdict) -> bool:
    server = verdict.server
    match reason:
        case Reason.CHAIN:  # where the root is known, the host stores that
            return server.root is None
        case Reason.SIZE:  # what the host stores may be too long, too
            return any(len(certificate) > _profile(verdict).trust.certificate_size for certificate in server.chain)
        case Reason.KEY:  # so may its key be of the wrong type
            return bool(server.chain)
    return True
