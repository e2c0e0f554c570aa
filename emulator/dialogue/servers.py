"""Runs the servers of a dialogue on loopback, with the routes to them."""

from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from emulator.dialogue.materials import Materials
from emulator.dialogue.steps import Dialogue
from emulator.lab.ftps_server import FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.lab.mqtt_broker import MqttBroker
from emulator.lab.plain_server import PlainScriptedServer
from emulator.lab.scripted_server import ScriptedServer
from emulator.lab.smtp_server import SmtpServer
from emulator.lab.time_server import TimeServer

FTP_ADDRESS = "ftp.example.com:21"
"""What the module dials for the FTP server."""
HTTP_ADDRESSES = "http.example.com:80", "http.example.com:443"
"""What the module dials for the HTTP server, in clear text and within TLS."""
MQTT_ADDRESSES = "mqtt.example.com:1883", "mqtt.example.com:8883"
"""What the module dials for the MQTT broker, in clear text and within TLS."""
TIME_ADDRESS = "ntp.example.com:123"
"""What the module dials for the time server."""
TIME = datetime(2012, 1, 27, 13, 42, 38, tzinfo=UTC)
"""What its clock shows."""
SMTP_ADDRESS = "smtp.example.com:25"
"""What the module dials for the mail server."""
FILES = {"file.txt": b"One line.\r\nAnother line.\r\n"}
"""What the FTP server has."""


class Servers:
    """Run a scripted server, with or without TLS, a time server, and a dialogue's FTP, HTTP or mail server or broker.

    They are closed with the `with` block.

    Raises:
        UserError: the extra `lab` is not installed.
    """

    def __init__(self, dialogue: Dialogue, materials: Materials) -> None:
        chain, key, versions = materials.chain, materials.key, dialogue.versions
        self.ftp: FtpsServer | None = None
        self.http: HttpServer | None = None
        self.smtp: SmtpServer | None = None
        with ExitStack() as starting:
            self.scripted: PlainScriptedServer | ScriptedServer
            if dialogue.server == "tcp":
                self.scripted = starting.enter_context(PlainScriptedServer())
            else:
                self.scripted = starting.enter_context(
                    ScriptedServer(chain=chain, key=key, requires_certificate=dialogue.mutual, versions=versions)
                )
            self.routes = dict.fromkeys(dialogue.peers, self.scripted.address)
            """From what the module dials to where a server listens."""
            self.routes[TIME_ADDRESS] = starting.enter_context(TimeServer(TIME.timestamp)).address
            if dialogue.server == "ftp":
                self.ftp = starting.enter_context(FtpsServer(FILES, chain=chain, key=key, versions=versions))
                self.routes[FTP_ADDRESS] = self.ftp.address
            if dialogue.server == "http":
                self.http = starting.enter_context(HttpServer(chain=chain, key=key, versions=versions))
                self.routes |= dict.fromkeys(HTTP_ADDRESSES, self.http.address)
            if dialogue.server == "mqtt":
                broker = starting.enter_context(
                    MqttBroker(chain=chain, key=key, requires_certificate=dialogue.mutual, versions=versions)
                )
                self.routes |= dict.fromkeys(MQTT_ADDRESSES, broker.address)
            if dialogue.server == "smtp":
                self.smtp = starting.enter_context(SmtpServer())
                self.routes[SMTP_ADDRESS] = self.smtp.address
            self._running = starting.pop_all()

    def __repr__(self) -> str:
        return f"<Servers for {', '.join(self.routes)}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running.close()
