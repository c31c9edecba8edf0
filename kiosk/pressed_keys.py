"""Keys on their way from a keypad's thread to the face, where they do what a finger does. Nothing is kept."""

import queue

from devices.keypad import KeyPress

#: more than anybody presses between two pictures; what comes on top is a cat on the keyboard
_MOST = 64


class PressedKeys:
    """A queue between two threads: `put` from the keypad's worker, `take` at each pump of the face."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[KeyPress] = queue.SimpleQueue()

    def put(self, *presses: KeyPress) -> None:
        """Somebody pressed these. What nobody takes soon is dropped."""
        for press in presses:
            if self._waiting.qsize() < _MOST:
                self._waiting.put(press)

    def take(self) -> tuple[KeyPress, ...]:
        """What was pressed since the last call."""
        taken = []
        while not self._waiting.empty():
            taken.append(self._waiting.get())
        return tuple(taken)
