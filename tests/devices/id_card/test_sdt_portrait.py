"""The photograph: a plug-in that the operator supplies, and what there is without it (id_card_reader.md §6).

No closed library is here, so `ctypes` is tried on stand-ins of both styles, and the process around it on libc.
"""

import ctypes
import ctypes.util
import hashlib
import io
import json
import struct
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.emulators.sample_cards import SAMPLE_CARDS, WANG_XIAOMING, SamplePortraits
from devices.emulators.sdt import SdtEmulator
from devices.id_card import portrait_child
from devices.id_card.portrait import (
    HEIGHT,
    WIDTH,
    GetBmpSettings,
    Pixels,
    PortraitLibrary,
    UnpackSettings,
    portrait_of,
    silhouette,
)
from devices.id_card.portrait_child import NO_PICTURE, main, rgb_of_bmp
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.rig import register_emulators
from ground.clock import ManualClock

WLT = WANG_XIAOMING.photo
#: (126, 102, 3), RGB: every pixel and every channel is its own
PICTURE: Pixels = (np.arange(HEIGHT * WIDTH * 3).reshape(HEIGHT, WIDTH, 3) * 7 % 251).astype(np.uint8)
BGR = PICTURE[..., ::-1].tobytes()


def bmp(*, bottom_up: bool = True) -> bytes:
    """§6: 54 + 126·308 bytes."""
    rows = PICTURE[::-1] if bottom_up else PICTURE
    pixels = b"".join(row[..., ::-1].tobytes() + b"\0\0" for row in rows)
    height = HEIGHT if bottom_up else -HEIGHT
    header = struct.pack("<2sIHHI", b"BM", 54 + len(pixels), 0, 0, 54)
    return header + struct.pack("<IiiHHIIiiII", 40, WIDTH, height, 1, 24, 0, len(pixels), 0, 0, 0, 0) + pixels


class Function:
    """A foreign function: ctypes sets its types, then calls it."""

    argtypes: Any = None
    restype: Any = None

    def __init__(self, call: Callable[..., int]) -> None:
        self._call = call

    def __call__(self, *arguments: Any) -> int:
        return self._call(*arguments)


def loader(**functions: Callable[..., int]) -> Callable[[str], Any]:
    """A stand-in for ctypes.CDLL: a library with `functions`."""

    def load(path: str) -> Any:
        return type("Library", (), {name: Function(call) for name, call in functions.items()})()

    return load


def asked(settings: GetBmpSettings | UnpackSettings, load: Any, **more: str) -> tuple[int, bytes]:
    """What the child says to one question."""
    sink = io.BytesIO()
    question = json.dumps(settings.model_dump(mode="json") | more).encode() + b"\n" + WLT
    return main(io.BytesIO(question), sink, load), sink.getvalue()


@pytest.mark.parametrize("bottom_up", [False, True])
def test_a_library_that_fills_a_buffer(bottom_up: bool) -> None:
    def unpack(wlt: Any, bgr: Any, third: int) -> int:
        assert (wlt.raw[:1024], third) == (WLT, 752)
        rows = [BGR[at : at + WIDTH * 3] for at in range(0, len(BGR), WIDTH * 3)]
        bgr.raw = b"".join(reversed(rows) if bottom_up else rows).ljust(len(bgr), b"\0")
        return 1

    wishes = UnpackSettings(style="unpack", path=Path("x.so"), third_argument=752, bottom_up=bottom_up)
    assert asked(wishes, loader(_Z6unpackPcS_i=unpack)) == (0, PICTURE.tobytes())


@pytest.mark.parametrize("bottom_up", [False, True])
def test_a_library_that_leaves_a_file(tmp_path: Path, bottom_up: bool) -> None:
    def get_bmp(path: bytes, interface: int) -> int:
        source = Path(path.decode())
        assert (source.read_bytes(), source.suffix, interface) == (WLT, ".wlt", 1)
        source.with_suffix(".bmp").write_bytes(bmp(bottom_up=bottom_up))
        return 1

    wishes = GetBmpSettings(style="get_bmp", path=Path("x.so"), interface=1)
    assert asked(wishes, loader(GetBmp=get_bmp), folder=str(tmp_path)) == (0, PICTURE.tobytes())


@pytest.mark.parametrize("code", [0, -1, -2, -3, -4, -5, -6])  # §6: -5 not licensed, -6 no reader
def test_a_library_that_says_no(tmp_path: Path, code: int) -> None:
    load = loader(GetBmp=lambda path, interface: code, _Z6unpackPcS_i=lambda wlt, bgr, third: code)
    by_file = GetBmpSettings(style="get_bmp", path=Path("x.so"))
    assert asked(by_file, load, folder=str(tmp_path)) == (NO_PICTURE, b"")
    assert asked(UnpackSettings(style="unpack", path=Path("x.so")), load) == (NO_PICTURE, b"")


def test_a_library_that_says_yes_and_leaves_nothing(tmp_path: Path) -> None:
    wishes = GetBmpSettings(style="get_bmp", path=Path("x.so"))
    load = loader(GetBmp=lambda path, interface: 1)
    assert asked(wishes, load, folder=str(tmp_path)) == (NO_PICTURE, b"")


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"BM",
        bmp()[:-1],
        b"XX" + bmp()[2:],
        bmp()[:18] + b"\x67" + bmp()[19:],
        bmp()[:28] + b"\x08" + bmp()[29:],
    ],
)
def test_files_that_are_no_portrait(bad: bytes) -> None:
    assert rgb_of_bmp(bad) is None
    assert rgb_of_bmp(bmp()) == PICTURE.tobytes()


def libc(symbol: str, **more: Any) -> PortraitLibrary:
    """The process around a library, with a function of libc in its place."""
    name = ctypes.util.find_library("c")
    assert name is not None
    settings = {"style": "unpack", "path": name, "symbol": symbol, "timeout_s": 60.0, **more}
    return PortraitLibrary(UnpackSettings.model_validate(settings))


def test_a_library_that_crashes_takes_nobody_along() -> None:
    assert libc("abort").decode(WLT) is None


def test_a_library_that_ends_its_process() -> None:
    assert libc("_exit").decode(WLT) is None


def test_a_library_that_never_returns() -> None:
    assert libc("pause", timeout_s=0.3).decode(WLT) is None


@pytest.mark.parametrize("path", ["/nowhere/libWltRS.so", __file__])
def test_a_library_that_is_none(path: str) -> None:
    for settings in (
        UnpackSettings(style="unpack", path=Path(path)),
        GetBmpSettings(style="get_bmp", path=Path(path), memory_folder=Path("/nowhere")),
    ):
        assert PortraitLibrary(settings).decode(WLT) is None


def test_a_function_that_is_not_there() -> None:
    assert libc("no_such_function").decode(WLT) is None


def test_a_block_of_another_size_is_not_even_tried() -> None:
    assert libc("abort").decode(WLT[:-1]) is None


@pytest.fixture
def working(tmp_path: Path) -> Path:
    """A child with a library that works: it leaves the picture as a file, like the real ones."""
    (tmp_path / "picture.bmp").write_bytes(bmp())
    child = tmp_path / "child.py"
    child.write_text(
        textwrap.dedent(
            f"""
            import os, shutil, sys
            sys.path.insert(0, {str(Path(portrait_child.__file__).parent)!r})
            from portrait_child import guarded

            class GetBmp:
                def __call__(self, path, interface):
                    os.write(1, b"licence ok\\n")  # closed libraries talk
                    shutil.copy({str(tmp_path / "picture.bmp")!r}, path.decode().replace(".wlt", ".bmp"))
                    return 1

            class Library:
                GetBmp = GetBmp()

            sys.exit(guarded(lambda path: Library))
            """
        ),
        encoding="utf-8",
    )
    return child


def test_through_a_process_of_its_own(working: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    settings = GetBmpSettings(style="get_bmp", path=Path("x.so"), memory_folder=memory, timeout_s=60.0)
    pixels = PortraitLibrary(settings, working).decode(WLT)
    assert pixels is not None
    assert np.array_equal(pixels, PICTURE)
    assert list(memory.iterdir()) == [], "nothing of the card is left behind"


def test_nothing_is_left_behind_by_a_child_that_hangs(tmp_path: Path) -> None:
    name = ctypes.util.find_library("c")
    settings = GetBmpSettings.model_validate(
        {"style": "get_bmp", "path": name, "symbol": "pause", "memory_folder": tmp_path, "timeout_s": 0.5}
    )
    assert PortraitLibrary(settings).decode(WLT) is None
    assert list(tmp_path.iterdir()) == []


def test_without_a_library_there_is_a_silhouette() -> None:
    pixels = portrait_of(WLT, None)
    assert (pixels.shape, pixels.dtype) == ((126, 102, 3), np.uint8)
    assert np.array_equal(pixels, silhouette())
    assert np.abs(pixels.astype(int) - pixels[:, ::-1].astype(int)).max() <= 8, (
        "it looks neither left nor right"
    )
    corner, face, chest = pixels[3, 3].astype(int), pixels[48, 51].astype(int), pixels[118, 51].astype(int)
    assert (corner - face > 40).all(), "it stands out"
    assert (face == chest).all()


def test_each_sample_card_has_its_own_portrait() -> None:
    portraits = SamplePortraits()
    seen = set()
    for card in SAMPLE_CARDS.values():
        pixels = portraits.decode(card.photo)
        assert pixels is not None
        seen.add(hashlib.sha256(pixels.tobytes()).hexdigest())
        assert np.array_equal(portrait_of(card.photo, portraits), pixels)
    assert len(seen) == len(SAMPLE_CARDS)
    assert portraits.decode(bytes(1024)) is None


def test_the_reader_gives_the_portrait_of_its_card() -> None:
    clock = ManualClock()
    emulator = SdtEmulator(clock)
    url = register_emulators({"reader": emulator})["reader"].url
    library = {"style": "unpack", "path": "/nowhere/libwlt.so"}
    for portrait in (None, library):
        reader = SdtReader(SdtSettings.model_validate({"url": url, "portrait": portrait}), clock)
        reader.open()
        emulator.card_on = False
        emulator.card_on = True
        card = reader.read_card()
        assert card is not None
        assert reader.capabilities()["portrait"] == (portrait is not None)
        assert np.array_equal(reader.portrait(card), silhouette())
        reader.close()
