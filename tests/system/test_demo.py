"""A whole visit by a real pointer on emulated devices, the backend down until the receipt is out."""

import json
import re
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageStat
from pyzbar.pyzbar import ZBarSymbol, decode

from devices.emulators.escpos import EscposEmulator
from devices.emulators.escpos_paper import Ticket
from devices.emulators.sample_cards import WANG_XIAOMING
from ground.clock import ManualClock
from kiosk.domain.identity import mask_name, mask_number
from kiosk.receipt import qr_content
from tests.system.walked import WalkedDemo

VIEWS = [
    *(
        "idle",
        "home",
        "notice",
        "readiness",
        "consent",
        "place_card",
        "confirm_identity",
        "situation",
        "overview",
    ),
    *("form", "capture", "check_page", "review", "sign", "done", "evaluate", "goodbye"),
]
CARD_MM, A4_MM = (85.6, 54.0), (210.0, 297.0)
_NOT_BLANK = 10.0  # deviation of the grey values; a blank screen has 0, our palest screen about 25


def test_it_ends_well_and_says_json_alone(demo: WalkedDemo) -> None:
    assert demo.said.code == 0
    assert demo.said.json() == demo.summary


def test_the_summary_has_every_field_of_the_contract(demo: WalkedDemo) -> None:
    summary = demo.summary
    assert re.fullmatch(r"429006-20[0-9]{6}-[0-9]{6}-[0-9X]", summary["acceptance_number"])
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", summary["case_id"])
    assert summary["citizen_name"] == WANG_XIAOMING.name
    assert summary["matter"] == "居住证办理一件事"
    assert summary["pages"] == 3
    assert (summary["queued_before"], summary["queued_after"]) == (1, 0)
    assert summary["evaluation"] == 5
    assert summary["delivered_copies"] == 1
    assert summary["seconds"] > 0


def test_every_step_was_seen_in_its_order(demo: WalkedDemo) -> None:
    assert demo.summary["screens"] == VIEWS


def test_every_screen_has_a_picture_in_the_order_of_the_walk(demo: WalkedDemo) -> None:
    names = sorted(path.name for path in (demo.out / "screens").iterdir())
    assert [name.split("-", 1)[0] for name in names] == [f"{at:02d}" for at in range(1, len(names) + 1)]
    walked = [name.split("-", 1)[1].removesuffix(".png") for name in names]
    assert [name for name in walked if name in VIEWS] == VIEWS
    assert "lost" not in walked


def test_no_picture_is_blank(demo: WalkedDemo) -> None:
    for path in (demo.out / "screens").iterdir():
        with Image.open(path) as picture:
            assert picture.size == (1080, 1920), path.name
            assert ImageStat.Stat(picture.convert("L")).stddev[0] > _NOT_BLANK, path.name


@pytest.fixture(scope="module")
def ticket(demo: WalkedDemo) -> Ticket:
    """The receipt, printed once more from the bytes that the demo left."""
    printer = EscposEmulator(ManualClock())
    printer.speed_mm_s = 0.0
    printer.receive((demo.out / "receipt.bin").read_bytes())
    assert printer.unknown == []
    (ticket,) = printer.tickets
    return ticket


def test_the_receipt_tells_the_local_number_and_the_matter(demo: WalkedDemo, ticket: Ticket) -> None:
    printed = "\n".join(ticket.lines)
    assert demo.summary["local_number"] in printed
    assert demo.summary["matter"] in printed
    assert demo.summary["acceptance_number"] not in printed, "the network was down: nobody knew it yet"


def test_the_receipt_names_her_masked_only(ticket: Ticket) -> None:
    printed = "\n".join(ticket.lines)
    assert f"{mask_name(WANG_XIAOMING.name)} {mask_number(WANG_XIAOMING.number)}" in printed
    assert WANG_XIAOMING.name not in printed
    assert WANG_XIAOMING.number not in printed


def test_a_telephone_reads_the_local_number_from_the_receipt(demo: WalkedDemo) -> None:
    with Image.open(demo.out / "receipt.png") as picture:
        found = decode(picture.convert("L"), symbols=[ZBarSymbol.QRCODE])
    assert [code.data.decode() for code in found] == [qr_content(demo.summary["local_number"])]


def test_the_picture_of_the_receipt_is_what_its_bytes_print(demo: WalkedDemo, ticket: Ticket) -> None:
    with Image.open(demo.out / "receipt.png") as picture:
        assert picture.convert("RGB").tobytes() == ticket.picture().tobytes()


def test_the_backend_holds_both_sides_of_the_card_and_two_sheets(demo: WalkedDemo) -> None:
    sizes = _page_sizes_mm(demo.out / "case.pdf")
    assert len(sizes) == demo.summary["pages"]
    for size, expected in zip(sizes, (A4_MM, A4_MM, A4_MM), strict=True):
        assert size == pytest.approx(expected, abs=0.5)


def test_what_she_typed_arrived(demo: WalkedDemo) -> None:
    manifest = demo.manifest
    assert manifest["case_id"] == demo.summary["case_id"]
    assert manifest["local_number"] == demo.summary["local_number"]
    assert manifest["applicant"]["number"] == WANG_XIAOMING.number
    assert manifest["applicant"]["entered"] == "card"
    assert manifest["form"]["phone"] == "19900000001"
    assert manifest["form"]["residence_since"] == "2026-03-01"
    assert manifest["form"]["residence_address"].startswith("湖北省天门市岳口镇")
    assert sum(material["pages"] for material in manifest["materials"]) == demo.summary["pages"]


def test_the_uploader_found_the_link_down_and_delivered_once_it_was_up(demo: WalkedDemo) -> None:
    files = sorted((demo.out / "terminal" / "log").glob("events-*.jsonl"))
    log = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    told = [(line["event"], line.get("link", "")) for line in log if line["by"] == "uploader"]
    down, up = ("link_changed", "down"), ("link_changed", "up")
    assert told.index(down) < told.index(up) < told.index(("case_delivered", ""))
    assert told.count(("case_delivered", "")) == 1


def _page_sizes_mm(path: Path) -> list[tuple[float, float]]:
    with pikepdf.open(path) as document:
        boxes = [[float(edge) for edge in page.mediabox] for page in document.pages]
    return [((box[2] - box[0]) / 72 * 25.4, (box[3] - box[1]) / 72 * 25.4) for box in boxes]
