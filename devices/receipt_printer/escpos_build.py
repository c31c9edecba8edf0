"""ESC/POS bytes for pictures, QR codes and cuts, built by python-escpos.

python-escpos is kept for these; its text, status and transport are not used: `text()` loses Chinese outside
U+4E00-9FA5, and a silent printer counts as one with plenty of paper (notes, receipt_printer.md §4 and §6).
"""

import logging
import os
import shutil
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from PIL import Image

_SLICE_ROWS = 240  # §5: slices of 255 rows or fewer, so that no printer's line buffer runs over
_EC_MEDIUM = 1  # §5: 31h, survives a fold through the code
_MODEL_2 = 2


def raster(dots: Image.Image) -> list[bytes]:
    """GS v 0 commands that print `dots` (mode "1", 255 is black, width a multiple of 8), top slice first."""
    return [
        defused(_built(lambda printer, top=top: printer.image(_slice(dots, top))))  # type: ignore[misc]
        for top in range(0, dots.height, _SLICE_ROWS)
    ]


def native_qr(content: str, module_dots: int) -> bytes:
    """GS ( k commands that make the printer draw `content` as a QR code, model 2, error correction M."""
    return _built(
        lambda printer: printer.qr(content, ec=_EC_MEDIUM, size=module_dots, model=_MODEL_2, native=True)
    )


def cut(kind: Literal["full", "partial"]) -> bytes:
    """Feed the last line past the knife and cut."""
    return _built(lambda printer: printer.cut(mode="FULL" if kind == "full" else "PART"))


def defused(command: bytes) -> bytes:
    """A GS v 0 command whose picture holds no real-time command.

    Many printers execute 10 04 n, 10 05 n and 10 14 n even inside a picture (§1), the last being able to
    switch the power off. One more black dot in such a byte is not seen by anybody.
    """
    head, dots = command[:8], command[8:]
    for second in (0x04, 0x05, 0x14):
        dots = dots.replace(bytes((0x10, second)), bytes((0x18, second)))
    return head + dots


def _slice(dots: Image.Image, top: int) -> Image.Image:
    part = dots.crop((0, top, dots.width, min(top + _SLICE_ROWS, dots.height)))
    return part.point(lambda dot: 255 - dot)  # python-escpos takes black on white


def library_printer() -> Any:
    """python-escpos' printer without a printer: gathers bytes in `output`."""
    printer = _library().Dummy()
    printer.profile = _profile()
    return printer


def _built(order: Callable[[Any], None]) -> bytes:
    printer = library_printer()
    order(printer)
    return bytes(printer.output)


@cache
def _library() -> Any:
    """python-escpos, without the traces of its import: a temporary folder, a handler on the root logger."""
    handlers = list(logging.root.handlers)
    os.environ.pop(
        "ESCPOS_CAPABILITIES_PICKLE_DIR", None
    )  # with it set, the folder is made all the same, nameless
    import escpos.capabilities
    import escpos.printer

    logging.root.handlers[:] = handlers
    shutil.rmtree(escpos.capabilities.pickle_dir, ignore_errors=True)
    return escpos.printer


@cache
def _profile() -> Any:
    """The default profile with a paper width, because without one python-escpos prints warnings on stdout."""
    _library()
    from escpos.capabilities import get_profile

    profile = get_profile("default")
    profile.profile_data = {**profile.profile_data, "media": {"width": {"mm": 80, "pixels": 576}}}
    return profile
