"""The targets, by name."""

from collections.abc import Mapping

from fuzzing.target import Target
from fuzzing.targets import (
    data_calls,
    faults,
    files,
    ftp,
    grammar,
    hand_over,
    http,
    kills,
    modes,
    mqtt,
    packets,
    ports,
    ppp,
    tls,
)

_TARGETS: tuple[Target, ...] = (
    grammar.Grammar(),
    modes.Modes(),
    tls.Tls(),
    ppp.Ppp(),
    data_calls.DataCalls(),
    ftp.Ftp(),
    http.Http(),
    mqtt.Mqtt(),
    faults.Faults(),
    ports.Ports(),
    packets.Packets(),
    files.Files(),
    hand_over.HandOver(),
    kills.Kills(),
)
TARGETS: Mapping[str, Target] = {target.name: target for target in _TARGETS}
