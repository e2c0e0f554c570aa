"""Real FTP servers that run as processes of their own: vsftpd and proftpd from Debian, with TLS 1.0 and without.

`scripts/test` unpacks them below the virtual environment. They run as whoever runs the tests, on loopback, and write
nowhere but in the folder that they are given.
"""

import grp
import os
import pwd
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.pki import SERVER, Party
from tests.peers.processes import free_port, listening
from tests.peers.unpacked import unpacked_environment, unpacked_program

_CIPHERS = "AES128-SHA:AES256-SHA:@SECLEVEL=0"
_PASSWORD_HASH = "$5$telit$bEPyZ7vBJzuRyUGQ79K/TJUzAwX/3fTuvJGTH.c0dLC"

OLD_OPENSSL = f"""
openssl_conf = main
[main]
ssl_conf = tls
[tls]
system_default = old
[old]
MinProtocol = TLSv1
CipherString = {_CIPHERS}
"""

_VSFTPD = """
listen=YES
listen_address=127.0.0.1
listen_port={port}
background=NO
run_as_launching_user=YES
anonymous_enable=YES
local_enable=NO
secure_email_list_enable=YES
email_password_file={passwords}
ftp_username={user}
nopriv_user={user}
anon_root={root}
secure_chroot_dir={root}
allow_writeable_chroot=YES
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_world_readable_only=NO
anon_umask=077
connect_from_port_20=NO
pasv_address=127.0.0.1
ascii_upload_enable=YES
ascii_download_enable=YES
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
xferlog_enable=NO
ssl_enable={tls}
allow_anon_ssl=YES
force_local_logins_ssl=NO
force_local_data_ssl=NO
ssl_tlsv1=YES
ssl_sslv2=NO
ssl_sslv3=NO
ssl_ciphers={ciphers}
require_ssl_reuse={reuse}
rsa_cert_file={chain}
rsa_private_key_file={key}
"""

_PROFTPD = """
ModulePath {modules}
LoadModule mod_tls.c
ServerName test
ServerType standalone
DefaultAddress 127.0.0.1
SocketBindTight on
UseIPv6 off
Port {port}
User {user}
Group {group}
RootLogin on
AuthUserFile {folder}/passwd
AuthOrder mod_auth_file.c
RequireValidShell off
UseFtpUsers off
PidFile {folder}/pid
ScoreboardFile {folder}/scoreboard
ControlsEngine off
DelayEngine off
UseReverseDNS off
WtmpLog off
SystemLog {folder}/log
TransferLog none
AllowForeignAddress on
AllowOverwrite on
AllowStoreRestart on
AllowRetrieveRestart on
TLSEngine {tls}
TLSProtocol {versions}
TLSCipherSuite {ciphers}
{options}
TLSRSACertificateFile {chain}
TLSRSACertificateKeyFile {key}
TLSCertificateChainFile {chain}
TLSLog {folder}/tls.log
"""


@dataclass(frozen=True)
class FtpPeer:
    """A server that runs."""

    port: int
    root: Path
    """The folder that the user finds at login."""
    user: str
    password: str = "public-demo"


@contextmanager
def vsftpd_server(folder: Path, *, tls: bool = True, party: Party = SERVER, reuse: bool = False) -> Iterator[FtpPeer]:
    """vsftpd; with `reuse` it demands that a data connection resumes the TLS session of the control connection."""
    program = unpacked_program("vsftpd", "vsftpd")
    chain, key = party.write(folder)
    peer = FtpPeer(free_port(), _root(folder), "anonymous")
    passwords = folder / "passwords"
    passwords.write_text(f"{peer.password}\n")
    configuration = _VSFTPD.format(
        port=peer.port,
        user=_me().pw_name,
        passwords=passwords,
        root=peer.root,
        tls="YES" if tls else "NO",
        ciphers=_CIPHERS,
        reuse="YES" if reuse else "NO",
        chain=chain,
        key=key,
    )
    command = [program, _configuration(folder / "vsftpd.conf", configuration)]
    with listening(command, peer.port, folder / "output", _environment(folder)):
        yield peer


@contextmanager
def proftpd_server(
    folder: Path, *, tls: bool = True, party: Party = SERVER, reuse: bool = False, versions: str = "TLSv1"
) -> Iterator[FtpPeer]:
    """proftpd with mod_tls, which speaks these versions; with `reuse` as vsftpd."""
    program = unpacked_program("proftpd", "proftpd-core")
    chain, key = party.write(folder)
    key.chmod(0o600)
    peer = FtpPeer(free_port(), _root(folder), "telit")
    me = _me()
    passwords = folder / "passwd"
    passwords.write_text(f"telit:{_PASSWORD_HASH}:{me.pw_uid}:{me.pw_gid}::{peer.root}:/bin/sh\n")
    passwords.chmod(0o600)
    configuration = _PROFTPD.format(
        modules=Path(program).parents[1] / "lib" / "proftpd",
        port=peer.port,
        user=me.pw_name,
        group=grp.getgrgid(me.pw_gid).gr_name,
        folder=folder,
        tls="on" if tls else "off",
        ciphers=_CIPHERS,
        versions=versions,
        options="" if reuse else "TLSOptions NoSessionReuseRequired",
        chain=chain,
        key=key,
    )
    command = [program, "-n", "-c", _configuration(folder / "proftpd.conf", configuration)]
    with listening(command, peer.port, folder / "output", _environment(folder)):
        yield peer


def _me() -> pwd.struct_passwd:
    return pwd.getpwuid(os.getuid())


def _root(folder: Path) -> Path:
    root = folder / "root"
    root.mkdir()
    return root


def _configuration(path: Path, text: str) -> str:
    path.write_text(text.lstrip())
    return str(path)


def _environment(folder: Path) -> Mapping[str, str]:
    (folder / "openssl.cnf").write_text(OLD_OPENSSL)
    return {**unpacked_environment(), "OPENSSL_CONF": str(folder / "openssl.cnf")}
