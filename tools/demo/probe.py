"""Eyes for a walk: which view is shown and where its buttons are. It can look, it cannot touch.

Beside the face, never inside it: the demo's own launcher puts it there. One JSON line asks ("look"), one answers:
{"view", "scene", "chrome": {...}, "targets": {touch_key: [x, y, width, height]}}, origin top left, pixels.
"""

import json
import queue
import socket
import threading
from pathlib import Path
from typing import Any, Protocol


class Eyes(Protocol):
    """What the face lets one see."""

    def look(self) -> dict[str, Any]:
        """View, scene and targets of this moment. Called on the face's own thread."""
        ...


class Probe:
    """Serves looks on a Unix socket; `answer` must be called often from the face's main thread."""

    def __init__(self, path: Path, eyes: Eyes) -> None:
        self._eyes = eyes
        self._asked: queue.SimpleQueue[queue.SimpleQueue[str]] = queue.SimpleQueue()
        path.unlink(missing_ok=True)
        made = path.with_name(f"{path.name}.new")
        made.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(made))
        self._socket.listen()
        made.rename(path)  # whoever sees it there can connect
        threading.Thread(target=self._accept, name="probe", daemon=True).start()

    def answer(self, *_: object) -> None:
        """Answer whoever asked since the last time."""
        while not self._asked.empty():
            self._asked.get().put(json.dumps(self._eyes.look(), ensure_ascii=True))

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection, connection.makefile("rw") as lines:
                for _line in lines:
                    answer: queue.SimpleQueue[str] = queue.SimpleQueue()
                    self._asked.put(answer)
                    lines.write(answer.get() + "\n")
                    lines.flush()


class Sight:
    """The other end: looks at a face."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rw")

    def look(self) -> dict[str, Any]:
        """What is shown now."""
        self._lines.write("look\n")
        self._lines.flush()
        answer: dict[str, Any] = json.loads(self._lines.readline())
        return answer

    def close(self) -> None:
        """Look away."""
        self._lines.close()
        self._socket.close()
