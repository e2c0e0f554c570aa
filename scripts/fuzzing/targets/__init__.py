"""The targets, by name."""

from collections.abc import Mapping

from fuzzing.target import Target
from fuzzing.targets import ftp, grammar, modes, tls

TARGETS: Mapping[str, Target] = {
    target.name: target for target in (grammar.Grammar(), modes.Modes(), tls.Tls(), ftp.Ftp())
}
