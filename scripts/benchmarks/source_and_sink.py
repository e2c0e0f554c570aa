"""A TLS 1.0 server that sends and takes data as fast as OpenSSL can: `python -m benchmarks.source_and_sink CERT KEY`.

It prints its port. A client sends requests, see `payload`: one to send data is answered by the data, one to take data
is followed by the data and answered by its digest.
"""

import hashlib
import socket
import ssl
import sys
import threading

from benchmarks.payload import REQUEST_SIZE, payload

_PIECE = 65536


def _serve(connection: ssl.SSLSocket) -> None:
    buffer = memoryview(bytearray(_PIECE))
    with connection:
        while words := _receive(connection, buffer[:REQUEST_SIZE]).split():
            direction, size = words[0], int(words[1])
            if direction == b"down":
                connection.sendall(payload(size))
            else:
                connection.sendall(_digest_of(connection, size, buffer))


def _receive(connection: ssl.SSLSocket, room: memoryview) -> bytes:
    filled = 0
    while filled < len(room) and (size := connection.recv_into(room[filled:])):
        filled += size
    return bytes(room[:filled])


def _digest_of(connection: ssl.SSLSocket, size: int, buffer: memoryview) -> bytes:
    taken = hashlib.sha256()
    while size and (received := connection.recv_into(buffer[: min(size, _PIECE)])):
        taken.update(buffer[:received])
        size -= received
    return taken.digest()


def _accept(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        accepted, _ = listener.accept()
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=[context.wrap_socket(accepted, server_side=True)], daemon=True).start()


def _context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("AES128-SHA:AES256-SHA:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.load_cert_chain(certificate, key)
    return context


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        _accept(listening, _context(sys.argv[1], sys.argv[2]))
