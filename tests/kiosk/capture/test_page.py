"""From pixels to a page, and from pages to one PDF."""

import hashlib
import io
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from devices.emulators.desk import Scene
from kiosk.capture.bind import bind
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Verdict
from kiosk.capture.page import Page, Refusal, take_page
from tests.kiosk.capture.desks import jaccard, seen, truth

SCENE = Scene("lease-1", "wood", angle_deg=5)


@pytest.fixture(scope="module")
def page() -> Page:
    taken = take_page(seen(SCENE), SheetSize.A4)
    assert isinstance(taken, Page)
    return taken


@pytest.fixture(scope="module")
def card() -> Page:
    taken = take_page(seen(Scene("id-front", "dark", angle_deg=3)), SheetSize.CARD)
    assert isinstance(taken, Page)
    return taken


def test_a_page_knows_where_it_came_from(page: Page) -> None:
    assert page.accepted
    assert (page.width, page.height, page.dpi) == (2480, 3508, 300)
    assert page.size_mm == pytest.approx((210, 297), abs=0.1)
    assert page.sha256 == hashlib.sha256(page.jpeg).hexdigest()
    assert page.source_sha256 == hashlib.sha256(seen(SCENE).tobytes()).hexdigest()
    assert page.corners is not None
    assert jaccard(np.array(page.corners), truth(SCENE)) > 0.99


def test_the_picture_is_no_part_of_its_description(page: Page) -> None:
    assert len(repr(page)) < 1200
    assert "xff" not in repr(page)


def test_jpeg_carries_its_resolution(page: Page) -> None:
    assert page.jpeg[:4] == b"\xff\xd8\xff\xe0"
    assert page.jpeg[13:18] == b"\x01\x01\x2c\x01\x2c"
    decoded = cv2.imdecode(np.frombuffer(page.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded.shape == (3508, 2480, 3)


def test_thumbnail_is_small_and_of_the_same_shape(page: Page, card: Page) -> None:
    for taken in (page, card):
        small = cv2.imdecode(np.frombuffer(taken.thumbnail_jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert max(small.shape[:2]) == 480
        assert small.shape[1] / small.shape[0] == pytest.approx(taken.width / taken.height, rel=0.01)


def test_the_same_picture_gives_the_same_page(page: Page) -> None:
    assert take_page(seen(SCENE), SheetSize.A4) == page


def test_pdf_has_each_page_in_its_true_size(page: Page, card: Page) -> None:
    document = pikepdf.open(io.BytesIO(bind([page, card, page])))
    sizes = [[float(edge) / 72 * 25.4 for edge in leaf.MediaBox][2:] for leaf in document.pages]
    assert sizes == [
        pytest.approx([210, 297], abs=0.1),
        pytest.approx([85.6, 54], abs=0.1),
        pytest.approx([210, 297], abs=0.1),
    ]
    images = [image.read_raw_bytes() for leaf in document.pages for image in leaf.Resources.XObject.values()]
    assert images == [page.jpeg, card.jpeg, page.jpeg]


def test_pdf_is_the_same_every_time_and_names_nobody(page: Page) -> None:
    document = bind([page])
    assert document == bind([page])
    assert dict(pikepdf.open(io.BytesIO(document)).docinfo) == {}
    assert b"CreationDate" not in document


def test_no_pages_no_document() -> None:
    with pytest.raises(ValueError, match="at least one page"):
        bind([])


_SHAPES = st.one_of(
    st.tuples(st.integers(0, 200), st.integers(0, 200), st.sampled_from([1, 3, 4])),
    st.tuples(st.integers(0, 200), st.integers(0, 200)),
)


@settings(max_examples=60, deadline=None)
@given(
    pixels=_SHAPES.flatmap(
        lambda shape: arrays.arrays(np.uint8, shape, elements=st.integers(0, 255), fill=st.integers(0, 255))
    ),
    size=st.sampled_from(SheetSize),
    insist=st.booleans(),
)
def test_no_picture_is_too_strange(pixels: Any, size: SheetSize, insist: bool) -> None:
    taken = take_page(pixels, size, insist=insist)
    if isinstance(taken, Page):
        shorter, longer = sorted((taken.width, taken.height))
        assert 1 <= shorter <= size.pixels[0] and longer <= size.pixels[1]  # never stretched, never larger
    else:
        assert taken == Refusal((Verdict.NO_SHEET,))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    quad=st.lists(st.tuples(st.integers(-60, 380), st.integers(-60, 300)), min_size=3, max_size=7),
    paper=st.integers(0, 255),
)
def test_no_shape_is_too_strange(seed: int, quad: list[tuple[int, int]], paper: int) -> None:
    chance = np.random.default_rng(seed)
    picture = chance.integers(0, 256, (240, 320, 3), np.uint8)
    cv2.fillPoly(picture, [np.array(quad, np.int32)], (paper, paper, paper))
    taken = take_page(picture, SheetSize.CARD)
    if isinstance(taken, Page) and taken.corners is not None:
        assert np.isfinite(np.array(taken.corners)).all()
