"""What the first picture needs is computed in a short way; it must come out as in the long one."""

from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from numpy.typing import NDArray

from screens.theme import tokens
from screens.theme.character_map import CharacterMap
from screens.widgets.scenery import _SUN, _WAVES, bands, lake

FONTS = sorted((Path(__file__).parents[2] / "build" / "fonts").glob("*.[ot]tf"))


def whole_lake(width: int, height: int, horizon: float) -> NDArray[np.uint8]:
    """The lake as it is meant: everything mixed over the whole picture, one after the other."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    upper, lower = (np.asarray(part[:3], np.float32) for part in (tokens.CITY, tokens.CITY_LIGHT))
    picture = (upper + (rows / height)[..., None] * (lower - upper)).astype(np.float32)

    def cover(share: NDArray[np.float32], colour: tokens.Colour) -> None:
        nonlocal picture
        picture = picture + share[..., None] * (np.asarray(colour[:3], np.float32) - picture)

    radius = _SUN[1]
    distance = np.hypot(columns - _SUN[0] * width, rows - (horizon + 0.01) * height)
    cover(0.03 * np.clip(radius * 2.1 - distance, 0, 1), tokens.WHITE)
    cover(0.035 * np.clip(radius * 1.5 - distance, 0, 1), tokens.WHITE)
    cover(np.clip(radius - distance, 0, 1), tokens.GOLD)
    for crest, swell, wavelength, phase, share in _WAVES:
        line = (horizon + crest) * height + swell * np.sin(columns * (2 * np.pi / wavelength) + phase)
        below = np.clip(rows - line, 0, 1)
        cover(below, tokens.CITY_LIGHT)
        cover(share * below, tokens.CITY)
    return np.asarray(np.clip(picture, 0, 1) * 255 + 0.5, np.uint8)


@pytest.mark.parametrize(
    ("width", "height", "horizon"), [(540, 480, 0.69), (300, 200, 0.95), (110, 101, 0.2), (400, 300, 0.0)]
)
def test_the_lake_is_the_same_picture(width: int, height: int, horizon: float) -> None:
    meant, shown = whole_lake(width, height, horizon), lake(width, height, horizon)
    assert shown.shape == (height, width, 3)
    assert np.abs(meant.astype(int) - shown).max() <= 1  # one step of rounding


def test_its_bands_make_the_whole_lake_and_take_little() -> None:
    picture = lake(540, 960)
    found = list(bands(picture))
    assert [top for top, _, _ in found] == [0, *(bottom for _, bottom, _ in found[:-1])]
    assert np.array_equal(
        np.concatenate([np.broadcast_to(pixels, (bottom - top, 540, 3)) for top, bottom, pixels in found]),
        picture,
    )
    assert sum(pixels.size for _, _, pixels in found) < picture.size / 2


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.name)
def test_a_typeface_draws_what_its_map_says(path: Path) -> None:
    ours = CharacterMap(path)
    with TTFont(str(path), lazy=True) as font:
        theirs = font.getBestCmap()
    assert len(ours) == len(theirs)
    assert all(code in ours for code in theirs)
    assert 0x10FFFF not in ours and -1 not in ours


def test_a_file_without_a_map_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"OTTO" + bytes(8), b"\x00\x01\x00\x00\x00\x01" + bytes(22), bytes(range(256))):
        (tmp_path / "font").write_bytes(content)
        with pytest.raises(ValueError, match="map"):
            CharacterMap(tmp_path / "font")
