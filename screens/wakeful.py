"""The face sleeps until something happens, not until the next look.

Kivy sleeps between its frames and looks for touches afterwards: at 60 frames a touch waits 8 ms on average and 17 at
worst, and at 240 the looking alone takes twice the processor's time. SDL, which Kivy opens its window with, can wait
for an event instead. `SDL_WaitEventTimeout` without a place for the event leaves it in SDL's queue, for Kivy to find.
"""

import ctypes
import re
from pathlib import Path
from typing import Any

#: pictures a second while nobody touches anything: as Kivy has it, and more than a camera gives
_AT_REST = 60
#: SDL's own library among those of this process; not SDL2_ttf, SDL2_image
_SDL = re.compile(r"(/\S*/libSDL2-2\S*)")


def wake_for_touches(clock: Any, most: int) -> bool:
    """Let Kivy's `clock` wake up for events, at most `most` times a second; False where SDL is not to be found."""
    found = _SDL.search(Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace"))
    wait = getattr(ctypes.CDLL(found[1]), "SDL_WaitEventTimeout", None) if found else None
    if wait is None or most <= _AT_REST:
        return False
    wait.argtypes, wait.restype = (ctypes.c_void_p, ctypes.c_int), ctypes.c_int

    woken = False

    def idle() -> float:
        nonlocal woken
        since = clock.time() - clock._last_tick
        soonest, latest = 1 / most - since, 1 / _AT_REST - since
        if woken:  # Kivy fetched the event after its last frame, and hands it on in this one
            woken = False
        elif latest > 0:
            if soonest > 0:
                clock.usleep(soonest * 1e6)
            woken = wait(None, max(0, int((latest - max(0.0, soonest)) * 1e3))) == 1
        now = clock.time()
        clock._dt, clock._last_tick = now - clock._last_tick, now
        return float(now)

    clock.idle = idle
    return True
