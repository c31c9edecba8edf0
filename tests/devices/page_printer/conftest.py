"""A printer over a real socket on a manual clock: sheets come out when the test says that time has passed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from devices.emulators.ipp import IppEmulator
from devices.page_printer.ipp import IppPrinter, IppSettings
from ground.clock import ManualClock

TITLE = "TTS-20261121-0007"


def pdf(pages: int = 1) -> bytes:
    """A PDF with `pages` empty pages, as small as it gets."""
    kids = " ".join(f"{3 + page} 0 R" for page in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages,
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        out
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def emulator(clock: ManualClock) -> Iterator[IppEmulator]:
    emulator = IppEmulator(clock)
    emulator.start()
    yield emulator
    emulator.close()


@pytest.fixture
def built(emulator: IppEmulator, clock: ManualClock) -> Callable[..., IppPrinter]:
    """A closed driver for the emulator, with other settings if wanted."""

    def build(**settings: Any) -> IppPrinter:
        return IppPrinter(IppSettings(url=emulator.url, timeout_s=60.0, **settings), clock)

    return build


@pytest.fixture
def printer(built: Callable[..., IppPrinter]) -> IppPrinter:
    printer = built()
    printer.open()
    return printer
