"""A server that speaks SSIP from literal lines: what speech-dispatcher 0.11.4 was seen to answer."""

import socket
import threading
from collections.abc import Mapping
from pathlib import Path

#: command as it begins → the lines that answer it, as they were seen (CR LF ends each)
ANSWERS = {
    "SET self CLIENT_NAME": b"208 OK CLIENT NAME SET\r\n",
    "SET self NOTIFICATION": b"220 OK NOTIFICATION SET\r\n",
    "SET self SSML_MODE": b"219 OK SSML MODE SET\r\n",
    "SET self PRIORITY": b"202 OK PRIORITY SET\r\n",
    "SET self OUTPUT_MODULE": b"216 OK OUTPUT MODULE SET\r\n",
    "SET self LANGUAGE": b"201 OK LANGUAGE SET\r\n",
    "SET self VOLUME": b"218 OK VOLUME SET\r\n",
    "SET self RATE": b"203 OK RATE SET\r\n",
    "GET OUTPUT_MODULE": b"251-dummy\r\n251 OK GET RETURNED\r\n",
    "SPEAK": b"230 OK RECEIVING DATA\r\n",
    ".": b"225-7\r\n225 OK MESSAGE QUEUED\r\n",
    "CANCEL self": b"213 OK CANCELED\r\n",
}
ENDED = b"702-7\r\n702-1\r\n702 END\r\n"
CANCELED = b"703-7\r\n703-1\r\n703 CANCELED\r\n"
OF_ANOTHER = b"702-6\r\n702-1\r\n702 END\r\n"


class FakeDispatcher:
    """Listens at `path`; `heard` are the lines that came, in their order."""

    def __init__(
        self,
        path: Path,
        after_text: bytes = ENDED,
        answers: Mapping[str, bytes] | None = None,
        cut: int = 4096,
    ) -> None:
        """`after_text` follows the queued message; `answers` replace some; replies come in pieces of `cut` bytes."""
        self.heard: list[str] = []
        self.speaking = threading.Event()
        self._answers = {**ANSWERS, **(answers or {})}
        self._after_text, self._cut = after_text, cut
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(4)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as lines:
                self._answer(line, lines)

    def _answer(self, line: socket.socket, lines: object) -> None:
        for data in lines:  # type: ignore[attr-defined]
            said = data.decode().removesuffix("\r\n")
            self.heard.append(said)
            found = [reply for start, reply in self._answers.items() if said.startswith(start)]
            if said.startswith("..") or not found:
                continue  # text of a message
            reply = found[-1] + (self._after_text if said == "." else b"")
            for at in range(0, len(reply), self._cut):
                line.sendall(reply[at : at + self._cut])
            if said == ".":
                self.speaking.set()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)
