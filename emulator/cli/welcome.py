"""Text of `run --lab` for a first try: where to connect, and a dialogue to type."""

import shlex
import sys
from typing import TYPE_CHECKING

from emulator.commands.catalogue import command_table
from emulator.firmware.loader import Firmware
from emulator.lab.ftps_server import PASSWORD, USER

if TYPE_CHECKING:
    from emulator.lab import Lab

_WITH_SSL = """
Open the port in another terminal:
{picocom}  {python} -m serial.tools.miniterm {quoted} 115200        (leave it with Ctrl-])
  {python} -c {code}

and type the guide's example 4.5.2; a server of the lab answers at 123.124.125.126:
{context}
  AT#SSLEN=1,1
  AT#SSLD=1,443,"123.124.125.126",0,1
  AT#SSLS=1
  AT#SSLSEND=1
  > Send this string to the SSL server!    (then Ctrl-Z)
  AT#SSLRCV=1,15                           (times out when typed soon, as in the guide: the answer takes 16 seconds)
  AT#SSLRCV=1,15
  AT#SSLRCV=1,15
  AT#SSLH=1

or the example of chapter 5, which gets a file by FTPS; the CA certificate is the file named below:
  AT#FTPCFG=100,0,1
  AT#SSLSECCFG=1,0,1
  AT#SSLSECDATA=1,1,1,{size}
  > (the file's text, then Ctrl-Z; or leave this out and choose AT#SSLSECCFG=1,0,0)
  AT#FTPOPEN="ftp.lab","{user}","{password}",1
  AT#FTPGET="file.txt"
  AT#FTPCLOSE
{http}
or a mail, with context 1 active:
  AT#ESMTP="smtp.lab"
  AT#EADDR="me@example.com"
  AT#EMAILD="you@example.com","Hello"
  > (the text, then Ctrl-Z)

The lab's servers: {servers}
Their CA certificate, for AT#SSLSECDATA=1,1,1,{size}: {ca}
"""

_CONTEXT = """\
  AT+CGDCONT=1,"IP","lab"
  AT#SGACT=1,1"""

_DEFAULT_BEARER = """\
  AT#SGACT?                                (context {cid} is active: it is the default bearer of LTE)"""

_HTTP = """
or a page by HTTP:
  AT#HTTPCFG=0,"http.lab"
  AT#HTTPQRY=0,0,"/"
  AT#HTTPRCV=0                             (once #HTTPRING has come)
"""

_WITHOUT_SSL = """
Open the port in another terminal:
{picocom}  {python} -m serial.tools.miniterm {quoted} 115200        (leave it with Ctrl-])
This firmware has no SSL commands: its version is older than the guide's applicability table.
"""


def lab_dialogue(port: str, firmware: Firmware, lab: "Lab") -> str:
    """Return the text for this modem and its lab."""
    text = _WITH_SSL if firmware.profile.secure_socket is not None else _WITHOUT_SSL
    bearer = firmware.profile.pdp.default_bearer
    code = f'import serial; p = serial.serial_for_url("{port}", timeout=1); p.write(b"ATI4\\r"); print(p.read(99))'
    return text.format(
        picocom="" if "://" in port else f"  picocom {shlex.quote(port)}        (leave it with Ctrl-A Ctrl-X)\n",
        python=shlex.quote(sys.executable),
        quoted=shlex.quote(port),
        code=shlex.quote(code),
        servers=", ".join(lab.routes),
        ca=shlex.quote(str(lab.ca_certificate)),
        context=_CONTEXT if bearer is None else _DEFAULT_BEARER.format(cid=bearer.cid),
        http=_HTTP if command_table(firmware).find("#HTTPCFG") else "",
        size=lab.ca_certificate.stat().st_size,
        user=USER,
        password=PASSWORD,
    )
