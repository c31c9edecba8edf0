"""The flow chart: every item in one box, nothing over anything else, and drawn as a page that needs nothing else."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue.combine import combine
from kiosk.catalogue.flow_chart import LABEL, LEADING, PAD, WIDTH, flow_chart, wrapped
from kiosk.catalogue.guide import guide
from kiosk.catalogue.guide_page import guide_page, svg
from kiosk.catalogue.load import load_catalogue
from kiosk.words import Words

ROOT = Path(__file__).parents[3]
CATALOGUE = load_catalogue(ROOT / "config" / "catalogue", date(2026, 11, 21))
WORDS = Words.load(ROOT / "config" / "words", "zh-Hans")
COMPLETE = [matter for matter in CATALOGUE.matters if matter.complete]


@pytest.mark.parametrize("matter", COMPLETE, ids=lambda matter: matter.code)
def test_every_item_stands_in_the_chart_once_and_nothing_overlaps(matter) -> None:  # type: ignore[no-untyped-def]
    plan = combine(matter, None)
    chart = flow_chart(plan, WORDS)
    assert chart[0].boxes[0].ends and chart[-1].boxes[0].ends
    for band in chart:
        for number, box in enumerate(band.boxes):
            assert (
                box.x >= 0 and box.x + box.width <= WIDTH + 0.01 and box.y + box.height <= band.height + 0.01
            )
            assert box.height >= len(box.lines) * LEADING + 2 * PAD - 0.01
            for other in band.boxes[number + 1 :]:
                beside = box.x + box.width <= other.x + 0.01 or other.x + other.width <= box.x + 0.01
                below = box.y + box.height <= other.y + 0.01 or other.y + other.height <= box.y + 0.01
                assert beside or below
    texts = ["".join(line.text for line in box.lines) for band in chart for box in band.boxes]
    for item in plan.items:
        shown = sum(f"· {item.name}".replace(" ", "") in text.replace(" ", "") for text in texts)
        assert shown == 1, item.name


def test_who_waits_says_for_what() -> None:
    chart = flow_chart(combine(CATALOGUE.matter("C28"), None), WORDS)
    assert [band.label for band in chart] == ["", "第 1 步", "第 2 步", "第 3 步", "第 4 步", ""]
    notes = [line.text for box in chart[3].boxes for line in box.lines if line.kind == "note"]
    assert "等 恢复户口登记 办好再办" in notes
    assert "要本人到场" in "".join(notes)
    assert all(box.x >= LABEL for box in chart[3].boxes)


def test_a_matter_of_which_nothing_is_known_has_no_chart() -> None:
    assert flow_chart(combine(CATALOGUE.matter("C13"), None), WORDS) == ()


def test_the_page_is_whole_and_the_chart_is_good_xml() -> None:
    matter = CATALOGUE.matter("C28")
    chart = flow_chart(combine(matter, None), WORDS)
    page = guide_page("军人退役 <一件事>", "示例", guide(matter, WORDS), chart)
    assert "军人退役 &lt;一件事&gt;" in page and '<span class="sample">示例</span>' in page
    assert "src=" not in page and "href=" not in page and "<script" not in page
    drawn = ElementTree.fromstring(svg(chart))
    boxes = [part for part in drawn if part.tag.endswith("rect")]
    assert len(boxes) == sum(len(band.boxes) for band in chart)


def test_no_sample_no_badge() -> None:
    matter = CATALOGUE.matter("C13")
    assert "示例" not in guide_page("居民身故", "", guide(matter, WORDS), ())


@given(st.text("中文（）。，“”AB1 \n", max_size=60), st.floats(12, 60))
def test_lines_lose_nothing_and_begin_with_no_closing_sign(text: str, width: float) -> None:
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    firsts = [line[0] for line in lines[1:] if line]
    broken_by_hand = {part.lstrip()[:1] for part in text.split("\n")[1:]} | {" "}
    assert all(sign not in "，。）”" or sign in broken_by_hand for sign in firsts)


def test_numbers_are_not_broken() -> None:
    assert wrapped("或打 12345 问", 16.0) == ["或打", "12345", "问"]
