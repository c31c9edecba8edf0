"""Contrast by WCAG 2: of the tokens as they are meant, and of every text as it is really drawn."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kiosk.journey.look import Theme
from screens.theme import themes, tokens

Pixels = NDArray[np.uint8]

#: AAA for text of any size
WANTED = 7.0
#: what issue 7 asks of the theme with the highest
HIGHEST = 20.0
#: outlines and icons that carry meaning
WANTED_FOR_SHAPES = 3.0


def luminance(colour: tuple[float, ...]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)


@pytest.fixture(params=list(Theme))
def theme(request: pytest.FixtureRequest) -> Iterator[Theme]:
    themes.wear(request.param)
    yield request.param
    themes.wear(Theme.LIGHT)


@pytest.mark.parametrize(
    ("tone", "ground"), [(t, g) for t, grounds in tokens.GROUNDS.items() for g in grounds]
)
def test_every_tone_is_legible_on_its_grounds(theme: Theme, tone: str, ground: str) -> None:
    wanted = themes.LEAST_CONTRAST[theme]
    assert contrast(tokens.tone(tone), tokens.colour(ground)) >= wanted


def test_the_themes_have_their_contrast() -> None:
    assert min(themes.LEAST_CONTRAST.values()) >= WANTED
    assert contrast(themes.THEMES[Theme.PLAIN]["INK"], themes.THEMES[Theme.PLAIN]["PAPER"]) >= HIGHEST


def test_every_theme_has_every_colour_and_no_other() -> None:
    names = set(themes.THEMES[Theme.LIGHT])
    assert all(set(colours) == names for colours in themes.THEMES.values())


def test_every_tone_has_grounds() -> None:
    assert set(tokens.GROUNDS) == set(tokens.TONES)


@pytest.mark.parametrize("ground", ["card", "paper"])
def test_edges_that_carry_meaning_are_seen(theme: Theme, ground: str) -> None:
    assert contrast(tokens.CITY_EDGE, tokens.colour(ground)) >= WANTED_FOR_SHAPES


def ground_of(part: Pixels, ink: tuple[float, ...]) -> tuple[int, ...]:
    """The commonest colour that is not the text itself nor an edge of it. `part` is (height, width, 3) uint8, RGB."""
    packed = part.reshape(-1, 3).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    codes, counts = np.unique(packed, return_counts=True)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    apart = np.abs(colours / 255 - np.array(ink[:3])).max(axis=1) > 0.25
    if not apart.any():
        apart[:] = True
    return tuple(int(value) for value in colours[apart][counts[apart].argmax()])


def test_every_text_as_it_is_drawn(rendered: Any) -> None:
    faint = []
    for name, tree in rendered.trees.items():
        picture = np.asarray(Image.open(rendered.picture(name)).convert("RGB"))
        for text in tree["texts"]:
            left, top, wide, high = text["ink"]
            bottom = min(top + high, text["seen"][1] + text["seen"][3])
            if bottom - top < high / 2 or top < text["seen"][1]:
                continue
            part = picture[int(top) : int(bottom), int(left) : int(left + wide)]
            ground = ground_of(part, tokens.tone(text["tone"]))
            measured = contrast(tokens.tone(text["tone"]), tuple(value / 255 for value in ground))
            if measured < WANTED - 0.05:  # colours are drawn in 8 bits
                faint.append((name, text["plain"], text["tone"], ground, round(measured, 2)))
    assert faint == []
