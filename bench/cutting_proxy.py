"""A line that breaks: forwards TCP to a port of this machine and resets both ends after random numbers of bytes.

`python -m bench.cutting_proxy PORT MEAN_BYTES SEED` prints its own port, and serves until its standard input closes;
each line that it reads there it answers with the number of cuts so far. Distances between cuts are exponential, counted
over the bytes towards the server. Nothing is done to any buffer, so what TCP holds when the line breaks is lost.
"""

import contextlib
import random
import socket
import struct
import sys
import threading
from collections.abc import Sequence

BLOCK = 64 * 1024
_RESET = struct.pack("ii", 1, 0)  # linger 0: closing sends a reset, and drops what was not sent yet


class CuttingProxy:
    """One line; `cuts` so far."""

    def __init__(self, server_port: int, mean_bytes: float, seed: int) -> None:
        self._to = ("127.0.0.1", server_port)
        self._mean = mean_bytes
        self._rng = random.Random(seed)
        self._left = self._distance()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self.cuts = 0

    def _distance(self) -> float:
        return self._rng.expovariate(1 / self._mean)

    def serve(self) -> None:
        """Serve until the door is shut."""
        with contextlib.suppress(OSError):
            while True:
                guest, _ = self._door.accept()
                threading.Thread(target=self._forward, args=(guest,), daemon=True).start()

    def _forward(self, guest: socket.socket) -> None:
        with contextlib.suppress(OSError):
            server = socket.create_connection(self._to)
            threading.Thread(target=_pour, args=(server, guest), daemon=True).start()
            with contextlib.suppress(OSError):
                while block := guest.recv(BLOCK):
                    if self._breaks(len(block)):
                        break
                    server.sendall(block)
            _reset(server)
        _reset(guest)

    def _breaks(self, count: int) -> bool:
        with self._lock:
            self._left -= count
            if self._left > 0:
                return False
            self._left = self._distance()
            self.cuts += 1
            return True


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := source.recv(BLOCK):
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RD)  # wakes the thread that reads from it
    end.close()


def main(arguments: Sequence[str]) -> int:
    """Serve until standard input closes."""
    proxy = CuttingProxy(int(arguments[0]), float(arguments[1]), int(arguments[2]))
    threading.Thread(target=proxy.serve, daemon=True).start()
    print(proxy.port, flush=True)
    for _ in sys.stdin:
        print(proxy.cuts, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
