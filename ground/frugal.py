"""Memory goes back to the system once it is free.

glibc keeps what was freed for the next time, and the largest block that ever was freed teaches it to keep all blocks up
to that size: after one photographed page of 13 MP the face kept some 300 MB for the rest of the day. Every thread, too,
fills a store of its own. mallopt(3) fixes the sizes; another C library than glibc goes without.
"""

import ctypes
from typing import Final

# <malloc.h> of glibc
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
#: chosen: pictures, textures and pages are larger, everything else is smaller
_OWN_MAP_FROM: Final = 256 * 1024
_KEPT_AT_THE_END: Final = 1024 * 1024
_STORES: Final = 2


def begin() -> None:
    """Call once, early."""
    setting = getattr(ctypes.CDLL(None), "mallopt", None)
    if setting is not None:
        for what, value in (
            (_MMAP_THRESHOLD, _OWN_MAP_FROM),
            (_TRIM_THRESHOLD, _KEPT_AT_THE_END),
            (_ARENA_MAX, _STORES),
        ):
            setting(what, value)


def give_back() -> None:
    """Hand over what lies free in between; some milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
