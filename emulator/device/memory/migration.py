"""Read contents of NVM that earlier versions of the emulator have written: one step from each version to the next."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.device.memory.content import VERSION

Content = dict[str, Any]
"""A content as its file has it, without types."""

_OF_SOCKET = {
    "ssl_enabled": "enabled",
    "cipher_suite": "cipher_suite",
    "authentication": "authentication",
    "socket_configuration": "configuration",
    "security_data": "security_data",
}
"""Fields of version 1, which knew one secure socket, and what they are called since."""


def _to_several_secure_sockets(content: Content) -> Content:
    """Put what version 1 keeps of its secure socket to the one with SSId 1."""
    kept = {name: content.pop(former) for former, name in _OF_SOCKET.items() if former in content}
    return {**content, "secure_sockets": {"1": kept}}


_STEPS: Mapping[int, Callable[[Content], Content]] = {1: _to_several_secure_sockets}
"""By the version that a step begins with."""

READABLE = (*_STEPS, VERSION)
"""The versions that can be read."""


def migrated(content: Content) -> Content:
    """Return the content in the form of this version; that of an earlier one is changed."""
    while (version := content["version"]) in _STEPS:
        content = {**_STEPS[version](content), "version": version + 1}
    return content
