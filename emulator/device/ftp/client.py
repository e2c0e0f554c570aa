"""Serve FTP commands: settings and one session. Guide chapter 5."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from emulator.device.connection.handshake_failure import refusal_of
from emulator.device.connection.replies import Reply
from emulator.device.connection.states import ClosedBy
from emulator.device.connection.work import Work, WorkCancelled
from emulator.device.environment import Environment
from emulator.device.ftp.control import ControlLost, LoginRefused, Unexpected
from emulator.device.ftp.fetch import Fetch
from emulator.device.ftp.login import Account
from emulator.device.ftp.opener import SessionOpener
from emulator.device.ftp.session import AnyTransfer, DataConnections, FtpSession
from emulator.device.ftp.transfer import Download, Transfer, TransferFailed, Upload, UploadFailed
from emulator.device.needs.transfer import (
    FtpDownload,
    FtpUpload,
    NoFtpDownload,
    NoFtpSession,
    NoFtpUpload,
    OpenFtpSession,
)
from emulator.device.network.contexts import FTP_CONTEXT, PdpContexts
from emulator.device.ssl.exclusion import SslExclusion
from emulator.device.ssl.protection import ClearText, Protection, WithinTls
from emulator.device.ssl.service import SslService
from emulator.errors import DeviceError
from emulator.firmware.schema.ftp import Ftp
from emulator.net.bearer import DialFailed
from emulator.tls.client import TlsFailure
from emulator.trace.events import StateChanged

Result = TypeVar("Result")


class FtpSettings(msgspec.Struct):
    """Volatile settings of the FTP service."""

    timeout: int
    """Tenths of a second."""
    ignores_address: bool
    secure: bool
    extended: int = 0


class FtpClient:
    """One session at a time; every wait ends when the context or the power is lost."""

    def __init__(
        self,
        profile: Ftp,
        contexts: PdpContexts,
        ssl: SslService | None,
        environment: Environment,
        environment_on: Callable[[int], Environment],
    ) -> None:
        """`environment_on` returns the environment of what a PDP context carries."""
        self.profile = profile
        self._contexts = contexts
        self._cid = FTP_CONTEXT
        """The context of the session."""
        self._environment_on = environment_on
        self._opener = SessionOpener(profile)
        self._ssl = ssl
        self._exclusion = (
            SslExclusion("FTPS", profile, ssl, self._held_ssl, NoFtpSession()) if ssl is not None else None
        )
        self._opens_securely = False
        self._clock, self._trace = environment.clock, environment.trace
        self.settings = FtpSettings(profile.timeout.default or 0, bool(profile.ignore_address.default), False)
        if profile.extended is not None:
            self.settings.extended = profile.extended.default or 0
        self._session: FtpSession | None = None
        self._work = Work()
        self._fetch: Fetch | None = None
        self._lost = False
        """Whether the server has ended the last session, and the host has not closed it."""
        self.owner: object | None = None
        """The AT instance that opened the session."""
        contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<FtpClient {self._session!r}>"

    @property
    def last_reply(self) -> Reply | None:
        """Return the last reply of a server."""
        return self._opener.last.reply

    @property
    def session(self) -> FtpSession:
        """Return the open session.

        Raises:
            DeviceError: there is none, or the server has ended it.
        """
        self._notice_end()
        if self._session is None:
            reason = "the server has ended the FTP session" if self._lost else "no FTP session is open"
            raise DeviceError(self.profile.refusals.not_connected, reason, OpenFtpSession())
        return self._session

    def _notice_end(self) -> None:
        if self._session is not None and self._session.is_over:
            self._forget_session()
            self._lost = True

    @property
    def fetch(self) -> Fetch:
        """Return the latest download in command mode; its data can be read after the session, too.

        Raises:
            DeviceError: there was none.
        """
        if self._fetch is None:
            _ = self.session  # that there is none comes first
            raise DeviceError(
                self.profile.refusals.no_data_port, "no download was begun in command mode", FtpDownload()
            )
        return self._fetch

    @property
    def open_fetch(self) -> Fetch:
        """Return the download in command mode whose data port is open.

        Raises:
            DeviceError: there is none.
        """
        if self.fetch.is_open:
            return self.fetch
        _ = self.session
        reason = f"the download of {self.fetch.name!r} is over, and all its data was read"
        raise DeviceError(self.profile.refusals.no_data_port, reason, FtpDownload())

    # The session.

    async def open(self, account: Account, owner: object, cid: int = FTP_CONTEXT) -> None:
        """Open a session by a context (guide chapter 5).

        Raises:
            DeviceError: one is open, the context is down, security data is missing, the server cannot be reached, is
                not trusted, or refuses.
        """
        refusals = self.profile.refusals
        if self._session is not None and not self._session.is_over:
            raise DeviceError(refusals.already_connected, "an FTP session is open", NoFtpSession())
        if self._work.is_busy:
            raise DeviceError(refusals.used_by_another, "another AT instance uses FTP")
        if not self._contexts.serves_sockets(cid):
            raise self._contexts.lack_for_sockets(cid).refusal(refusals.no_context)
        self._cid = cid
        protection = self._protection(account.host)
        self._opens_securely = protection.is_secure
        try:
            await self._perform(self._open(account, protection))
        finally:
            self._opens_securely = False
        self.owner = owner

    async def _open(self, account: Account, protection: Protection) -> None:
        """Open a session within the attempt, so that a cancelled attempt keeps it."""
        connections = DataConnections(account.passive, self.settings.ignores_address, protection)
        self._session = await self._opener.open(account, connections, self._timeout, self._environment_on(self._cid))
        self._fetch, self._lost = None, False
        self._trace.emit(StateChanged(thing="FTP session", before="closed", after="open"))

    def _protection(self, host: str) -> Protection:
        if not self.settings.secure or self._ssl is None or self._exclusion is None:
            return ClearText(self._trace)
        self._exclusion.check()
        resumes = self.profile.resumes_session
        protection = WithinTls(self._ssl.policy, host, self._timeout, self._clock, self._trace, resumes=resumes)
        protection.check()
        return protection

    async def close(self) -> None:
        """End the session; an upload that is open is complete. One that the server has ended is closed once, too.

        Raises:
            DeviceError: none is open, or the server does not confirm the upload.
        """
        self._notice_end()
        if self._lost and self.profile.lost_can_be_closed:
            self._lost = False
            return
        session = self.session
        try:
            await self._perform(session.close())
        finally:
            self._forget_session()
            self._fetch = None

    def drop(self) -> None:
        """End the session: the network or the power is gone."""
        self._work.cancel()
        if self._session is not None:
            self._session.break_off(ClosedBy.NETWORK)
            self._forget_session()
        self._fetch = None

    # Within a session.

    async def ask(self, verb: str, argument: str = "") -> Reply:
        """Send a command that opens no data connection.

        Raises:
            DeviceError: no session is open, a transfer is, or the server refuses.
        """
        session = await self._free_session()
        return await self._perform(session.control.expect(verb, argument))

    async def set_type(self, number: int) -> None:
        """Choose the type of the transfers to come.

        Raises:
            DeviceError: as for `ask`.
        """
        session = await self._free_session()
        await self._perform(session.set_type(number))

    async def download(self, verb: str, name: str = "") -> Download:
        """Begin a download: RETR from the restart position, or LIST.

        Raises:
            DeviceError: no session is open, a transfer is, the server refuses, or no data connection comes about.
        """
        return await self._begin(Download, verb, name)

    async def upload(self, verb: str, name: str) -> Upload:
        """Begin an upload: STOR or APPE.

        Raises:
            DeviceError: as for `download`.
        """
        return await self._begin(Upload, verb, name)

    async def fetch_file(self, name: str, view: int) -> None:
        """Begin a download in command mode.

        Raises:
            DeviceError: as for `download`.
        """
        self._fetch = Fetch(name, view, await self.download("RETR", name))

    async def append(self, data: bytes, *, is_last: bool) -> None:
        """Send a piece of an upload in command mode.

        Raises:
            DeviceError: no upload is open, or the server has ended it or does not confirm it.
        """
        upload = self.open_upload
        await self._perform(upload.send(data))
        if is_last:
            await self._perform(upload.complete())

    @property
    def open_upload(self) -> Upload:
        """Return the upload under way.

        Raises:
            DeviceError: there is none.
        """
        transfer = self.session.transfer
        if not isinstance(transfer, Upload):
            raise DeviceError(self.profile.refusals.no_data_port, "no upload was begun in command mode", FtpUpload())
        return transfer

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Raise failures of the network as refusals of the module.

        Raises:
            DeviceError: in place of what was raised.
        """
        refusals = self.profile.refusals
        try:
            yield
        except LoginRefused as error:
            raise DeviceError(refusals.login, str(error)) from error
        except Unexpected as error:
            raise DeviceError(refusals.response, str(error)) from error
        except ControlLost as error:
            raise DeviceError(refusals.silence, str(error)) from error
        except TlsFailure as error:
            raise refusal_of(error, refusals.tls_handshake) from error
        except UploadFailed as error:
            raise DeviceError(refusals.upload, str(error)) from error
        except (TransferFailed, DialFailed) as error:
            raise DeviceError(refusals.data_connection, f"the data connection has failed: {error}") from error
        except TimeoutError as error:
            reason = f"timeout: no data connection within {self._timeout:g} s"
            raise DeviceError(refusals.data_connection, reason) from error

    async def _begin(self, kind: type[AnyTransfer], verb: str, name: str) -> AnyTransfer:
        session = await self._free_session()
        restart = session.restart if verb == "RETR" else 0
        transfer = await self._perform(session.begin(kind, verb, name, restart))
        if restart:
            session.restart = 0
        return transfer

    async def _free_session(self) -> FtpSession:
        session = self.session
        if session.transfer is not None and not await self._perform(session.transfer.settle()):
            raise self._transfer_open(session.transfer)
        if self._fetch is not None:
            self._fetch.is_open = False
        return session

    def _transfer_open(self, transfer: Transfer) -> DeviceError:
        cause = self.profile.refusals.data_port_open
        if isinstance(transfer, Upload):
            return DeviceError(cause, "an upload is open", NoFtpUpload())
        limit = self.profile.receive_sizes.highest
        return DeviceError(cause, "a download is open, and not all its data was read", NoFtpDownload(limit))

    async def _perform(self, work: Coroutine[Any, Any, Result]) -> Result:
        try:
            with self.refusing():
                return await self._work.run(work)
        except WorkCancelled as error:
            lack = self._contexts.lack_for_sockets(self._cid)
            raise lack.refusal(self.profile.refusals.no_context) from error

    @property
    def _timeout(self) -> float:
        return self.settings.timeout / 10

    def _held_ssl(self) -> int:
        return self._opens_securely or (self._session is not None and self._session.is_secure)

    def _forget_session(self) -> None:
        self._session = None
        self.owner = None
        self._trace.emit(StateChanged(thing="FTP session", before="open", after="closed"))

    def _context_lost(self, cid: int) -> None:
        if cid == self._cid:
            self.drop()
