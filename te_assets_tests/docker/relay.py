"""What dockerd runs for a published port: the port is opened on the machine, the connections go on in the namespace.

`relay.py OUTSIDE -proto tcp -host-ip … -host-port … -container-ip … -container-port …`: the options are those of
Docker's own docker-proxy. dockerd waits on descriptor 3 for `0`, or for `1` and a sentence.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import socket
import sys
import threading

CLONE_NEWNET = 0x40000000
CHUNK = 65536


def main(arguments: list[str]) -> None:
    """Listen outside, connect inside, until dockerd ends this process."""
    outside, *rest = arguments
    options = {name.lstrip("-"): value for name, value in itertools.pairwise(rest) if name.startswith("-")}
    try:
        if options["proto"] != "tcp":
            raise OSError(f"the engine of the tests publishes TCP ports alone, not {options['proto']}")
        listener = listen_outside(outside, options["host-ip"], int(options["host-port"]))
    except OSError as error:
        os.write(3, f"1\n{error}".encode())
        sys.exit(1)
    os.write(3, b"0\n")
    os.close(3)
    target = (options["container-ip"], int(options["container-port"]))
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, target), daemon=True).start()


def listen_outside(outside: str, host: str, port: int) -> socket.socket:
    """A socket belongs for ever to the namespace that its maker was in."""
    with open("/proc/thread-self/ns/net", "rb") as inside, open(outside, "rb") as other:  # noqa: PTH123
        enter(other.fileno())
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(128)
        enter(inside.fileno())
    return listener


def enter(descriptor: int) -> None:
    """Move this thread into a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def serve(connection: socket.socket, target: tuple[str, int]) -> None:
    """One connection, both ways."""
    try:
        onward = socket.create_connection(target)
    except OSError:
        connection.close()
        return
    back = threading.Thread(target=copy, args=(onward, connection), daemon=True)
    back.start()
    copy(connection, onward)
    back.join()
    onward.close()
    connection.close()


def copy(source: socket.socket, sink: socket.socket) -> None:
    """One way, until the source has said all."""
    try:
        while chunk := source.recv(CHUNK):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, sink):  # the other direction has nobody to talk to any more
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


if __name__ == "__main__":
    main(sys.argv[1:])
