"""What an authority can do with the connection itself, below the answers that `test_witness.py` tries."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from psa_evidence.errors import TransientError
from psa_evidence.vault.witness_asking import Asking

ENDLESS = {
    "a header that never ends": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "interim answers only": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body that never ends": (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"a"),
    "a body without a length": (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
}
BROKEN = {
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "less than it announced": b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nabc",
    "nothing": b"",
}
MOST_DRIPS = 200
"""So that the test ends, with another answer, when nothing cuts the connection."""


@contextmanager
def dripping(first: bytes, drip: bytes = b"") -> Iterator[str]:
    """One connection is answered with `first`, then with `drip` again and again, each well before a read times out;
    without one it is closed."""
    ended = threading.Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(first)
                for _ in itertools.repeat(None, MOST_DRIPS if drip else 0):
                    connection.sendall(drip)
                    if ended.wait(0.02):
                        return
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        ended.set()
        thread.join(timeout=10)


@pytest.mark.parametrize("what", ENDLESS)
def test_an_answer_that_drips_without_end_is_cut_off(what):
    """Each read brings a byte in time, so that no time-out of a read ends it; a monthly run would wait for ever."""
    with dripping(*ENDLESS[what]) as url, httpx.Client(trust_env=False) as client:
        asking = Asking(client, attempts=1, read_seconds=20.0, whole_seconds=0.1)
        with pytest.raises(TransientError, match="took more than"):
            asking(url, b"request")


@pytest.mark.parametrize("what", BROKEN)
def test_an_authority_that_was_reached_is_not_said_to_be_out_of_reach(what):
    with dripping(BROKEN[what]) as url, httpx.Client(trust_env=False) as client:
        asking = Asking(client, attempts=1)
        with pytest.raises(TransientError, match="broke off, or is not HTTP"):
            asking(url, b"request")
