"""Open files that many modems need: the limit is raised as far as the system lets us."""

import resource

from emulator.errors import UserError
from emulator.options import ModemOptions

_OF_PROCESS = 64
"""What a process needs beside its modems."""


def allow_open_files(options: ModemOptions, count: int, processes: int, *, control: bool) -> None:
    """Let this process and those that it starts open what each share of `count` modems may need.

    Raises:
        UserError: the system does not let us; the message has the remedy.
    """
    each = _files_of_modem(options) + control
    needed = -(-count // processes) * each + _OF_PROCESS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = needed if hard == resource.RLIM_INFINITY else hard
    if needed > allowed:
        enough = -(-count // max(1, (allowed - _OF_PROCESS) // each))
        raise UserError(
            f"--count {count}: {needed} open files may be needed in a process, and {allowed} are allowed; "
            f"give --processes {enough}, or raise the limit: ulimit -Hn {needed}"
        )
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _files_of_modem(options: ModemOptions) -> int:
    """Count its ports with their hosts, a connection that it dials, and the files that it writes."""
    ports = (options.ports or 0) + len(options.listen) or 1
    written = (options.state, options.transcript, options.trace, options.keylog, options.pcap)
    return 2 * ports + 1 + sum(name is not None for name in written)
