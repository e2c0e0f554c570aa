"""The schema of e-mail."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section, Text


class EmailRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the e-mail commands."""

    no_context: Cause
    """#EMAILD while context 1 is down, or when it goes down meanwhile."""
    no_server: Cause
    """#ESMTP has set no server."""
    busy: Cause
    """Another mail is on its way."""
    unresolved: Cause
    """The name of the server cannot be resolved."""
    unreachable: Cause
    """The server cannot be reached."""
    response: Cause
    """The server refuses, answers something else than expected, or not in time."""
    tls_handshake: Cause
    """The TLS handshake fails, or the server is not trusted."""
    ssl_in_use: Cause
    """The SSL socket and a mail within TLS exclude each other."""


class EmailConfiguration(Section, frozen=True, kw_only=True):
    """The parameters of #SMTPCFG."""

    secure: Default
    """<SSLen>: 1 protects mails by TLS. Exists where SSL does."""
    port: Default
    """<port> of the server."""
    modes: Default | None = None
    """<mode>, how the session starts. Absent: no such parameter."""
    start_tls_modes: tuple[int, ...] = ()
    """The values of <mode> under which TLS begins by STARTTLS; under all others it begins at once."""
    reserved: Annotated[int, Meta(ge=0, le=2)] = 0
    """Number of values behind <mode> that can only be 0."""
    cids: Default | None = None
    """<cid>, the context of #EMAILD. Absent: no such parameter."""

    def __post_init__(self) -> None:
        if not all(self.modes is not None and self.modes.allows(mode) for mode in self.start_tls_modes):
            raise ValueError("`start_tls_modes` names a value that `modes` does not allow")


class Email(Section, frozen=True, kw_only=True):
    """The SMTP client."""

    setting_length: Annotated[int, Meta(ge=1, le=255)]
    """Longest value of #ESMTP, #EADDR, #EUSER and #EPASSW in characters."""
    parameter_length: Annotated[int, Meta(ge=1, le=255)]
    """Longest <da> and <subj> of #EMAILD and #SEMAIL in characters."""
    attachment: Default
    """<att> of #EMAILD and #SEMAIL."""
    attachment_kinds: Numeric
    """<att> of #SMTPCL: 0 none, 1 text, 2 binary."""
    encodings: Numeric
    """<encod> of #SMTPCL: 0 7bit, 1 base64."""
    file_name_length: Annotated[int, Meta(ge=1, le=255)]
    """Longest <filename> of #SMTPCL in characters."""
    text_limit: Annotated[int, Meta(ge=1, le=65536)]
    """Bytes of a mail's text; more are dropped."""
    port: Annotated[int, Meta(ge=1, le=65535)]
    """The server's port, where no #SMTPCFG sets it."""
    configuration: EmailConfiguration | None = None
    """Absent where there is no #SMTPCFG."""
    beside_ssl: tuple[Literal["disabled", "closed", "open"], ...]
    """The states of the SSL socket in which a mail can be sent within TLS."""
    freezes_ssl: bool
    """Whether SSL can be neither configured nor disabled while a mail is on its way within TLS."""
    client_name: Text | None = None
    """The name in EHLO; absent: the module's address in brackets."""
    timeout: Annotated[float, Meta(gt=0, le=600)]
    """Seconds from the end of the text until the server has taken the mail."""
    refusals: EmailRefusals
