"""The pages of one material slot become one PDF/A: laid out, marked, within their budget, and accounted for."""

import enum
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from kiosk.capture.budget import DEFAULT_BUDGET, Budget, fitted
from kiosk.capture.flatten import SheetSize
from kiosk.capture.leaf import QUALITY, Drawn, Leaf, decoded, encoded, with_density
from kiosk.capture.page import Page
from kiosk.capture.provenance import PageMade, page_made
from kiosk.capture.watermark import FONTS, watermarked

_A4 = SheetSize.A4.pixels  # width and height, upright, at `_DPI`
_DPI = 300
_WHITE = 255


class Layout(enum.StrEnum):
    """How a slot's pages lie on the sheets of its PDF; the values are those of `Material.layout`."""

    EACH = "each"  #: a sheet for each page, as large as the page
    BOTH_SIDES = "both_sides"  #: two sides of a card on one A4, the first above, at true size


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What is to be bound: a slot's pages and how."""

    slot: str
    pages: tuple[Page, ...] = field(repr=False)
    layout: Layout = Layout.EACH
    budget: Budget = DEFAULT_BUDGET
    watermark: str = ""  #: the whole line; "" for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A slot's PDF and what is told of it."""

    slot: str
    pdf: bytes = field(repr=False)
    sha256: str  #: hex, of `pdf`
    sheets: int  #: pages of the PDF
    pages_made: tuple[PageMade, ...]
    code: str = ""  #: `budget.OVER_BUDGET`, or ""


def bind(
    pages: Sequence[Page],
    *,
    budget: Budget | None = None,
    watermark: str = "",
    layout: Layout = Layout.EACH,
    fonts: Sequence[Path] = FONTS,
) -> bytes:
    """One PDF of `pages`, untouched as long as they fit and no watermark is asked for.

    The same pages give the same bytes. Raises ValueError without pages, `MissingFont` for a watermark without a
    typeface.
    """
    asked = Binding(
        slot="", pages=tuple(pages), layout=layout, budget=budget or DEFAULT_BUDGET, watermark=watermark
    )
    return bound(asked, fonts).pdf


def bound(asked: Binding, fonts: Sequence[Path] = FONTS) -> Document:
    """The document of a slot. Takes about 0.1 s for each page that is marked. Raises as `bind` does."""
    sheets = list(_sheets(asked.pages, asked.layout))
    if not sheets:
        raise ValueError("a document needs at least one page")
    fit = fitted([_leaf(sheet, asked, fonts) for sheet in sheets], asked.budget)
    made: list[PageMade] = []
    for number, (sheet, leaf) in enumerate(zip(sheets, fit.leaves, strict=True), start=1):
        digest = hashlib.sha256(leaf.jpeg).hexdigest()
        marked = bool(asked.watermark)
        made.extend(page_made(page, number, leaf, digest, watermark=marked) for page in sheet)
    from kiosk.capture.pdfa import pdfa  # img2pdf and pikepdf: not before the face is there

    pdf = pdfa([leaf.jpeg for leaf in fit.leaves])
    return Document(
        slot=asked.slot,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        sheets=len(sheets),
        pages_made=tuple(made),
        code=fit.code,
    )


def _sheets(pages: Sequence[Page], layout: Layout) -> Iterator[tuple[Page, ...]]:
    """Which pages lie together on a sheet: cards by twos where both sides are wanted, all others alone."""
    held: tuple[Page, ...] = ()
    for page in pages:
        together = layout is Layout.BOTH_SIDES and page.size is SheetSize.CARD
        if held and (len(held) == 2 or not together):
            yield held
            held = ()
        if together:
            held = (*held, page)
        else:
            yield (page,)
    if held:
        yield held


def _leaf(sheet: tuple[Page, ...], asked: Binding, fonts: Sequence[Path]) -> Leaf:
    on_a4 = asked.layout is Layout.BOTH_SIDES and sheet[0].size is SheetSize.CARD
    dpi = _DPI if on_a4 else sheet[0].dpi
    draw = partial(_drawn, sheet, on_a4, asked.watermark, dpi, tuple(fonts))
    if on_a4 or asked.watermark:
        jpeg = encoded(draw(), QUALITY, dpi)
    else:
        jpeg = with_density(sheet[0].jpeg, dpi)
    return Leaf(jpeg=jpeg, dpi=dpi, finest=dpi, draw=draw)


def _drawn(sheet: tuple[Page, ...], on_a4: bool, watermark: str, dpi: int, fonts: tuple[Path, ...]) -> Drawn:
    drawn = _cards_on_a4(sheet) if on_a4 else decoded(sheet[0].jpeg)
    return watermarked(drawn, watermark, dpi, fonts) if watermark else drawn


def _cards_on_a4(cards: Sequence[Page]) -> Drawn:
    """One or two cards where a copier's card function puts them: in the middle of the upper and the lower half."""
    width, height = _A4
    canvas = np.full((height, width, 3), _WHITE, np.uint8)
    for place, card in enumerate(cards):
        side = decoded(card.jpeg)
        if side.shape[2] == 1:
            side = np.asarray(cv2.cvtColor(side, cv2.COLOR_GRAY2BGR), np.uint8)
        if side.shape[0] > side.shape[1]:  # it stood: a quarter turn, so that both sides lie alike
            side = np.asarray(cv2.rotate(side, cv2.ROTATE_90_COUNTERCLOCKWISE), np.uint8)
        top = height * (2 * place + 1) // 4 - side.shape[0] // 2
        left = (width - side.shape[1]) // 2
        canvas[top : top + side.shape[0], left : left + side.shape[1]] = side
    return canvas
