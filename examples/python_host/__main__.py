"""Sends a text file to an HTTPS server by a Telit module: `python python_host --port TTY --ca PEM --file FILE`."""

import argparse
import re
import sys
import time
import uuid
from contextlib import closing
from pathlib import Path

from at import Dialogue
from upload import Failed, Outcome, Upload

RETRIES = 3
"""Attempts beside the first one; each begins from the top."""
WORTH_REPEATING = range(Outcome.NO_CONTEXT, Outcome.REFUSED)
"""Outcomes after which another attempt may do better: module and network were waited for, the server has not judged."""
LARGEST_CERTIFICATE = 2047
"""Bytes that the module stores."""


def main() -> int:
    """Attempt it as often as it makes sense; one line on stderr when it fails."""
    options = _options()
    try:
        certificate = _certificate(options.ca)
        request = _request(options.file, options.server, options.path)
    except (OSError, ValueError) as error:
        return _failure(Outcome.BAD_USAGE, error)
    job = Upload(options.apn, options.server, certificate, request, options.patience)
    try:
        with closing(Dialogue(options.port)) as at:
            status = _upload(job, at, options.pause)
    except OSError as error:
        return _failure(Outcome.NO_MODULE, error)
    except Failed as failed:
        return _failure(failed.outcome, f"{job.firmware}: {failed}" if job.firmware else failed)
    print("uploaded:", status)
    return Outcome.UPLOADED


def _failure(outcome: Outcome, reason: object) -> Outcome:
    print("upload:", reason, file=sys.stderr)
    return outcome


def _upload(job: Upload, at: Dialogue, pause: float) -> str:
    """What the server has answered to the first attempt that reached it."""
    for attempt in range(RETRIES):
        try:
            return job.run(at)
        except Failed as failed:
            if failed.outcome not in WORTH_REPEATING:
                raise
        time.sleep(pause * 2**attempt)
        at.recover()
    return job.run(at)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="upload", description="Send a text file to an HTTPS server.")
    parser.add_argument("--port", required=True, metavar="TTY", help="the module's serial port")
    parser.add_argument("--ca", required=True, type=Path, metavar="PEM", help="the server's CA certificate")
    parser.add_argument("--file", required=True, type=Path, help="what is sent")
    parser.add_argument("--server", default="api.example.com", metavar="HOST")
    parser.add_argument("--path", default="/upload", help="where the server takes it")
    parser.add_argument("--apn", default="internet")
    parser.add_argument("--patience", type=float, default=120.0, metavar="S", help="for the module and the network")
    parser.add_argument("--pause", type=float, default=5.0, metavar="S", help="before the second attempt")
    return parser.parse_args()


def _certificate(file: Path) -> bytes:
    """As the module wants it: lines end with LF alone (guide 3.3, warning)."""
    text = file.read_bytes().replace(b"\r", b"")
    if b"-----BEGIN CERTIFICATE-----" not in text:
        raise ValueError(f"{file}: no certificate in PEM")
    if len(text) > LARGEST_CERTIFICATE:
        raise ValueError(f"{file}: the module stores {LARGEST_CERTIFICATE} bytes at most")
    return text


def _request(file: Path, server: str, path: str) -> bytes:
    """The HTTP request. Ctrl-Z, ESC and backspace act at the prompt of #SSLSEND instead of being sent (guide 3.3)."""
    body = file.read_bytes()
    if re.search(rb"[\x1a\x1b\x08]", body):
        raise ValueError(f"{file}: has control characters that #SSLSEND cannot carry; encode it, as base64 does")
    head = [
        f"POST {path} HTTP/1.0",
        f"Host: {server}",
        f'Idempotency-Key: "{uuid.uuid4()}"',  # the same in each attempt
        "Content-Type: text/plain",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


if __name__ == "__main__":
    sys.exit(main())
