"""The schema of e-mail."""

from typing import Annotated

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
    """The server's port."""
    client_name: Text | None = None
    """The name in EHLO; absent: the module's address in brackets."""
    timeout: Annotated[float, Meta(gt=0, le=600)]
    """Seconds from the end of the text until the server has taken the mail."""
    refusals: EmailRefusals
