"""The hard pictures are the same each time, of every kind, and hold what they say; the ladder reads its share."""

from collections import Counter

import numpy as np
import zxingcpp

from bench.code_images import KINDS, hard_images, page_with_code
from kiosk.capture.codes import find_codes


def test_the_same_pictures_each_time() -> None:
    first, second = list(hard_images(1)), list(hard_images(1))
    assert [image.kind for image in first] == list(KINDS)
    assert len(KINDS) == 12
    for one, other in zip(first, second, strict=True):
        assert one.text == other.text
        assert np.array_equal(one.pixels, other.pixels)


def test_the_ladder_reads_four_in_five_and_more_than_zxing_with_no_text_wrong() -> None:
    """A different sample than the benchmark's, which takes its severities from the size asked for."""
    read: Counter[str] = Counter()
    alone = count = 0
    for image in hard_images(4):
        codes = find_codes(image.pixels)
        assert all(code.text == image.text for code in codes), (image.kind, image.number)
        read[image.kind] += len(codes)
        alone += bool(zxingcpp.read_barcodes(image.pixels))
        count += 1
    assert read.total() >= 0.8 * count
    assert read.total() > alone


def test_the_page_is_a_13_mp_still_with_its_code_in_place() -> None:
    page = page_with_code()
    assert page.pixels.shape == (3120, 4208, 3)
    (code,) = find_codes(page.pixels)
    assert code.text == page.text
    x, y = np.array(code.polygon).mean(0)
    assert 2600 < x < 3100
    assert 700 < y < 1200
