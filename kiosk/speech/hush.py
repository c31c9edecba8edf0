"""A hand on the shoulder: lets one thread end what another waits for, at once and without asking again and again."""

import os
import select


class Hush:
    """Pressed by any thread; whoever waits with it returns."""

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def press(self) -> None:
        """End what is being waited for, and what will be, until `clear`."""
        if self._fd >= 0:
            os.eventfd_write(self._fd, 1)

    def clear(self) -> None:
        """From now on it is waited again."""
        try:
            os.eventfd_read(self._fd)
        except BlockingIOError:
            return

    @property
    def pressed(self) -> bool:
        """Whether silence is wanted."""
        return self.waited(0.0)

    def waited(self, seconds: float, *others: int) -> bool:
        """Wait for `seconds`, or until one of the descriptors `others` can be read. True when it was pressed."""
        ready, _, _ = select.select([self._fd, *others], [], [], seconds)
        return self._fd in ready

    def close(self) -> None:
        """May be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1
