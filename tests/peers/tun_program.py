"""Makes a TUN device that leads everywhere, hands it to the caller, and becomes the program that uses it.

`tun_program.py DESCRIPTOR MTU COMMAND...` within a network namespace; without arguments it only makes the device.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_SIOCADDRT, _SIOCSIFFLAGS, _SIOCSIFADDR, _SIOCSIFMTU = 0x890B, 0x8914, 0x8916, 0x8922
_UP = 0x1 | 0x40
"""IFF_UP and IFF_RUNNING."""
_DEVICE = b"ppp0"


def make_device(address: str, mtu: int) -> int:
    """All that is done here needs privileges in the namespace alone."""
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", _DEVICE, _IFF_TUN | _IFF_NO_PI))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFADDR, struct.pack("16s16s8x", _DEVICE, _address(address)))
        fcntl.ioctl(control, _SIOCSIFMTU, struct.pack("16si20x", _DEVICE, mtu))
        for interface in (b"lo", _DEVICE):
            fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH22x", interface, _UP))
        name = ctypes.create_string_buffer(_DEVICE)
        anywhere = _address("0.0.0.0")
        route = struct.pack(
            "Q16s16s16sHh4xQPh6xPQQH6x", 0, anywhere, anywhere, anywhere, 1, 0, 0, 0, 0, ctypes.addressof(name), 0, 0, 0
        )
        fcntl.ioctl(control, _SIOCADDRT, route)
    return tun


def _address(text: str) -> bytes:
    return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(text))


if __name__ == "__main__":
    device = make_device("10.1.1.2", int(sys.argv[2]) if len(sys.argv) > 2 else 1500)
    if len(sys.argv) > 3:
        with socket.socket(fileno=int(sys.argv[1])) as caller:
            socket.send_fds(caller, [b"\0"], [device])
        os.close(device)
        os.execvp(sys.argv[3], sys.argv[3:])
