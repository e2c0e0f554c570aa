"""Tools for tests of host applications and of the emulator: a bench, servers that hold a conversation, certificates.

`Bench` is for tests in Python that control the clock. `plugin` is loaded by pytest itself, and has fixtures for hosts
in any language. `contracts` has the tests that every implementation of an interface passes. See `docs/testing.md`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.bench import Bench
    from emulator.clock import ManualClock
    from emulator.host_program import HostRun, HostTimeout
    from emulator.lab.conversations import Conversation, Reply, echo
    from emulator.lab.ftps_server import FtpsServer
    from emulator.lab.http_server import HttpServer
    from emulator.lab.http_site import HttpRequest
    from emulator.lab.mqtt_broker import MqttBroker, PublishedMessage
    from emulator.lab.plain_server import PlainServer
    from emulator.lab.record import Received, Record
    from emulator.lab.server import LabServer
    from emulator.lab.smtp_server import SmtpServer
    from emulator.resources import CERTS
    from emulator.testing.explorer import Explorer

__all__ = [
    "CERTS",
    "Bench",
    "Conversation",
    "Explorer",
    "FtpsServer",
    "HostRun",
    "HostTimeout",
    "HttpRequest",
    "HttpServer",
    "LabServer",
    "ManualClock",
    "MqttBroker",
    "PlainServer",
    "PublishedMessage",
    "Received",
    "Record",
    "Reply",
    "SmtpServer",
    "echo",
]

_HOMES = {
    "CERTS": "emulator.resources",
    "Bench": "emulator.bench",
    "Conversation": "emulator.lab.conversations",
    "Explorer": "emulator.testing.explorer",
    "FtpsServer": "emulator.lab.ftps_server",
    "HostRun": "emulator.host_program",
    "HostTimeout": "emulator.host_program",
    "HttpRequest": "emulator.lab.http_site",
    "HttpServer": "emulator.lab.http_server",
    "LabServer": "emulator.lab.server",
    "ManualClock": "emulator.clock",
    "MqttBroker": "emulator.lab.mqtt_broker",
    "PlainServer": "emulator.lab.plain_server",
    "PublishedMessage": "emulator.lab.mqtt_broker",
    "Received": "emulator.lab.record",
    "Record": "emulator.lab.record",
    "Reply": "emulator.lab.conversations",
    "SmtpServer": "emulator.lab.smtp_server",
    "echo": "emulator.lab.conversations",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: pytest loads the plugin in every project where the emulator is installed."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
