"""Codes in pictures: every symbology by its own word, several on one sheet, where they lie, and what is no code."""

import cv2
import numpy as np
import pytest

from kiosk.capture.codes import SeenCode, find_codes
from tests.kiosk.capture.codes_printed import on_a_sheet, printed

PRINTED = [
    ("QRCode", "https://zwfw.example.cn/q?no=420000123456", "QRCode"),
    ("Code128", "TM420000123", "Code128"),
    ("PDF417", "受理编号 420000123", "PDF417"),
    ("DataMatrix", "材料 12", "DataMatrix"),
    ("Aztec", "TM-12", "Aztec"),
    ("EAN13", "6901234567892", "EAN13"),
    ("Code93", "TM420", "Code93"),
    ("Code39", "TIANMEN1", "Code39"),
    ("MaxiCode", "TM 12", "MaxiCode"),
    # weak checks: both readers, or two looks, gave them alike
    ("Code39", "TM1", "Code39"),
    ("ITF", "12345678", "ITF"),
    ("Codabar", "A12345B", "Codabar"),
    ("EAN8", "69012341", "EAN8"),
    ("MicroQRCode", "12345", "MicroQRCode"),
    ("RMQRCode", "TM12", "RMQRCode"),
]


def only(codes: tuple[SeenCode, ...]) -> SeenCode:
    (code,) = codes
    return code


@pytest.mark.parametrize("every", [False, True], ids=["first", "every"])
@pytest.mark.parametrize(("kind", "text", "word"), PRINTED)
def test_each_symbology_is_read_under_its_own_word(kind: str, text: str, word: str, every: bool) -> None:
    code = only(find_codes(printed(text, kind), every=every))
    assert (code.text, code.symbology) == (text, word)
    assert code.raw


def test_upc_is_told_as_the_ean_that_it_is() -> None:
    assert only(find_codes(printed("012345678905", "UPCA"), every=True)).symbology == "EAN13"


def test_every_finds_all_symbols_of_a_sheet() -> None:
    sheet = on_a_sheet(
        printed("https://a.example.cn"),
        printed("TM420000123", "Code128"),
        printed("材料", "DataMatrix"),
        printed("编号 7", "PDF417"),
    )
    found = {(code.symbology, code.text) for code in find_codes(sheet, every=True)}
    assert found == {
        ("QRCode", "https://a.example.cn"),
        ("Code128", "TM420000123"),
        ("DataMatrix", "材料"),
        ("PDF417", "编号 7"),
    }


def test_every_also_finds_the_symbol_in_the_shadow_beside_a_clear_one() -> None:
    clear, dark = printed("clear"), (printed("in the dark") * 0.06 + 4).astype(np.uint8)
    assert {code.text for code in find_codes(on_a_sheet(clear, dark), every=True)} == {"clear", "in the dark"}


def test_the_same_text_twice_is_two_codes_but_one_symbol_is_one() -> None:
    sheet = on_a_sheet(printed("TM1"), printed("TM1"))
    codes = find_codes(sheet, every=True)
    assert [code.text for code in codes] == ["TM1", "TM1"]
    tops = sorted(code.polygon[0][1] for code in codes)
    assert tops[1] - tops[0] == pytest.approx(sheet.shape[0] / 2, abs=4)


def test_the_polygon_lies_around_the_symbol_in_pixels_of_the_picture() -> None:
    paper = np.full((480, 640, 3), 230, np.uint8)
    symbol = printed("TM420")[40:-40, 40:-40]
    inner = symbol[16:-16, 16:-16]  # without its quiet zone of four modules
    paper[100 : 100 + len(symbol), 200 : 200 + len(symbol)] = symbol[:, :, None]
    polygon = np.array(only(find_codes(paper)).polygon)
    side = len(inner)
    expected = np.array([[216, 116], [216 + side, 116], [216 + side, 116 + side], [216, 116 + side]])
    assert np.abs(polygon - expected).max() <= 5


@pytest.mark.parametrize("scale", [1, 2])
def test_places_found_in_an_enlarged_or_reduced_picture_are_those_of_the_original(scale: int) -> None:
    large = np.full((1800, 2400), 255, np.uint8)
    symbol = printed("TM420000123456", scale=scale)[40:-40, 40:-40]
    large[900 : 900 + len(symbol), 1200 : 1200 + len(symbol)] = symbol
    code = only(find_codes(large, every=True))
    assert code.text == "TM420000123456"
    centre = np.array(code.polygon).mean(0)
    half = len(symbol) / 2
    assert np.abs(centre - (1200 + half, 900 + half)).max() <= 4


def test_a_symbol_saved_without_any_paper_around_it_is_read() -> None:
    assert only(find_codes(printed("TM420", scale=1)[44:-44, 44:-44])).text == "TM420"


def test_an_inverted_and_a_mirrored_symbol_are_read() -> None:
    symbol = printed("https://zwfw.example.cn")
    assert only(find_codes(255 - symbol)).text == "https://zwfw.example.cn"
    assert only(find_codes(np.ascontiguousarray(symbol[:, ::-1]))).text == "https://zwfw.example.cn"


def test_grey_and_colour_give_the_same() -> None:
    grey = printed("TM420")
    assert find_codes(grey) == find_codes(np.repeat(grey[:, :, None], 3, 2))


def test_the_same_picture_always_gives_the_same_codes() -> None:
    noisy = np.clip(printed("TM42") + np.random.default_rng(1).normal(0, 60, (196, 196)), 0, 255)
    picture = np.resize(noisy.astype(np.uint8), printed("TM42").shape)
    assert find_codes(picture, every=True) == find_codes(picture, every=True)


@pytest.mark.parametrize("every", [False, True])
def test_empty_paper_and_writing_hold_no_code(every: bool) -> None:
    paper = np.full((600, 800), 235, np.uint8)
    assert find_codes(paper, every=every) == ()
    for row in range(40, 560, 26):
        cv2.putText(paper, "8812 III |||| 0011 lllI 1101", (30, row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 20, 2)
    assert find_codes(paper, every=every) == ()


@pytest.mark.parametrize("seed", range(6))
def test_grain_and_stripes_never_become_a_text(seed: int) -> None:
    dice = np.random.default_rng(seed)
    stripes = np.repeat((dice.uniform(size=(1, 200)) < 0.5), 300, 0).repeat(3, 1)
    assert find_codes(np.where(stripes, 240, 15).astype(np.uint8)) == ()
    assert find_codes(dice.integers(0, 256, (300, 400), np.uint8)) == ()
    blocks = (dice.uniform(size=(75, 100)) < 0.5).repeat(4, 0).repeat(4, 1)
    assert find_codes(np.where(blocks, 240, 15).astype(np.uint8)) == ()


def test_tiny_pictures_hold_nothing() -> None:
    assert find_codes(np.zeros((1, 1, 3), np.uint8)) == ()
    assert find_codes(np.zeros((7, 4000), np.uint8)) == ()
    assert find_codes(np.zeros((8, 8), np.uint8), every=True) == ()


@pytest.mark.parametrize("shape", [(10, 10, 4), (10,), (2, 10, 10, 3)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="grey or BGR"):
        find_codes(np.zeros(shape, np.uint8))


def test_an_array_that_is_a_view_is_read_all_the_same() -> None:
    wide = np.repeat(printed("TM420")[:, :, None], 3, 2)
    assert only(find_codes(wide[::-1][::-1])).text == "TM420"
    assert only(find_codes(np.asfortranarray(printed("TM420")))).text == "TM420"
