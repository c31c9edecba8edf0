"""The stage's own hands for what lies beside a case: codes, messages with their tickets, notices on paper."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np
import pypdfium2
import pyrage
import pytest
import qrcode

from devices.code_scanner import Code
from devices.errors import Garbled
from devices.page_printer import Job, JobReport, JobState
from ground.clock import ManualClock
from kiosk.asking_desk import AskingDesk
from kiosk.capture.codes import glanced
from kiosk.case_desk import CaseDesk
from kiosk.catalogue.load import load_catalogue
from kiosk.code_desk import CodeDesk
from kiosk.domain.standing import standing_of
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.journey.surroundings import Surroundings
from kiosk.notice_paper import notice_sheet, notice_slip
from kiosk.notice_pdf import sheet_pdf
from kiosk.sheet_desk import SheetDesk
from kiosk.stage import Message, Sheet
from kiosk.words import Words
from offline_cache.local_number import is_local_number
from offline_cache.outbox import Outbox
from offline_cache.replies import Progress
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from tests.backend.sealing_terminal import NUMBER
from tools.assemble import CATALOGUE, WORDS
from tools.cli import ROOT

MESSAGE = Message(
    message_id="0b9d5c5e-3c1a-4d61-8f2b-5a3c1b7e9d10",
    kind="hardship",
    body={"matter": None, "step": "home", "reasons": ["other"]},
    content={"schema": 1, "callback": False, "text": "跑了三趟"},
)
FONTS = (ROOT / "build" / "fonts" / "NotoSansSC-Regular.otf",)


class Watched:
    """A worker without a thread: jobs at once, looks when the test says so."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing
        self.look: Callable[[Any], None] | None = None

    def ask(self, do: Callable[[Any], None], failed: Callable[[str], None], deadline_s: float) -> None:
        do(self.thing)

    def watch(self, look: Any, failed: Any, every_s: float, deadline_s: float) -> None:
        self.look = look

    def unwatch(self) -> None:
        self.look = None

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            if self.look is not None:
                self.look(self.thing)


class Scanner:
    """One that has these things before it, one after the other; an exception is what it says of a code."""

    def __init__(self, *sees: str | Exception | None) -> None:
        self.sees, self.armed = list(sees), 0

    def arm(self) -> None:
        self.armed += 1

    def disarm(self) -> None:
        self.armed = 0

    def scan(self) -> Code | None:
        seen = self.sees.pop(0) if self.sees else None
        if isinstance(seen, Exception):
            raise seen
        return None if seen is None else Code(seen)


class Frame:
    def __init__(self, pixels: Any) -> None:
        self.pixels = pixels

    def preview(self) -> "Frame":
        return self


def picture_of(text: str) -> Any:
    code = qrcode.QRCode(box_size=6, border=8)
    code.add_data(text)
    grey = np.asarray(code.make_image().convert("L"), np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.fixture
def outbox(tmp_path: Path) -> Any:
    key = pyrage.x25519.Identity.generate()
    recipients = Recipients.parse([str(key.to_public())])
    made = Outbox(
        tmp_path / "outbox.sqlite",
        Spool(tmp_path / "spool", reserve_bytes=0),
        ManualClock(),
        recipients=recipients,
    )
    yield made
    made.close()


def test_a_scanner_is_armed_once_and_tells_each_code() -> None:
    said: list[Any] = []
    scanner = Scanner(None, "TTM1:N02", Garbled(what="code", why="length"), "字" * 600)
    worker = Watched(scanner)
    desk = CodeDesk(cast(Any, worker), None, said.append)
    desk.watch(7, camera=False)
    worker.turn(5)
    assert scanner.armed == 1
    assert said == [ev.CodeScanned(7, "TTM1:N02"), ev.CodeScanned(7, ""), ev.CodeScanned(7, "")]
    worker.thing = Scanner("TTM1:N03")  # it was pulled out and came back
    worker.turn(2)
    assert worker.thing.armed == 1 and said[-1] == ev.CodeScanned(7, "TTM1:N03")
    desk.stop()
    assert worker.thing.armed == 0 and worker.look is None


def test_the_camera_takes_the_scanners_place_only_where_it_is_asked_to() -> None:
    said: list[Any] = []
    worker = Watched(Frame(picture_of("TTS1:T-000001-3")))
    desk = CodeDesk(None, cast(Any, worker), said.append)
    desk.watch(3, camera=False)
    assert worker.look is None
    desk.watch(3, camera=True)
    worker.turn(3)  # a slip that lies still is told once
    assert said == [ev.CodeScanned(3, "TTS1:T-000001-3")]
    worker.thing = Frame(np.full((480, 640, 3), 240, np.uint8))
    worker.turn()
    assert len(said) == 1
    desk.stop()
    assert worker.look is None
    assert glanced(np.zeros((480, 640), np.uint8)) == ()


def test_a_message_is_durable_with_a_ticket_of_its_own(outbox: Outbox) -> None:
    desk = CaseDesk(outbox, Health(cast(Any, ManualClock())), "sample-1")
    first = desk.send(MESSAGE)
    assert is_local_number(first)
    assert desk.send(MESSAGE) == first  # its answer came too late to be heard
    second = desk.send(replace(MESSAGE, message_id="1b9d5c5e-3c1a-4d61-8f2b-5a3c1b7e9d10"))
    assert second != first
    waiting = outbox.list_messages()
    assert {one.kind for one in waiting} == {"hardship"} and len(waiting) == 2
    (job, _) = outbox.open_jobs()
    assert job.body["ticket"] == first and "跑" not in json.dumps(dict(job.body), ensure_ascii=False)
    assert desk.of_local_number("T-000999-1") == (False, None)


def test_without_a_platform_it_is_said_at_once() -> None:
    said: list[Any] = []
    desk = AskingDesk(None, cast(Any, Watched(None)), said.append)
    desk.cases(4, NUMBER)
    desk.progress(5, "429006-20261121-000001-0", "0021")
    assert said == [ev.AskFailed(4, "U101"), ev.AskFailed(5, "U101")]


def test_what_nobody_waits_for_any_more_is_not_asked() -> None:
    class Asked:
        people: Any = None

    said: list[Any] = []
    late: list[Any] = []
    worker = Watched(Asked())
    worker.ask = lambda do, failed, deadline_s: late.append(do)  # type: ignore[method-assign]
    desk = AskingDesk(cast(Any, worker), cast(Any, Watched(None)), said.append)
    desk.cases(4, NUMBER)
    desk.stop()
    late[0](worker.thing)  # would fail if it asked
    assert said == []


def test_an_older_platform_tells_a_timeline() -> None:
    told = Progress.model_validate(
        {
            "acceptance_number": "A-1",
            "matter": "居住证",
            "state": "accepted",
            "timeline": [{"at": "2026-11-21T01:00:00Z", "department": "公安局", "what": "已受理"}],
        }
    )
    case = standing_of(told)
    assert [(part.department, part.what) for part in case.departments] == [("公安局", "已受理")]
    assert case.correction is None and not case.can_withdraw


class Printer:
    def __init__(self, *states: JobState) -> None:
        self.states, self.jobs = list(states), []

    def submit(self, pdf: bytes, title: str) -> Job:
        self.jobs.append((pdf, title))
        return Job(title, 1)

    def follow(self, job: Job) -> JobReport:
        return JobReport(job, self.states.pop(0))


@pytest.mark.parametrize(
    ("end", "told"), [(JobState.COMPLETED, ev.Printed), (JobState.ABORTED, ev.PrintFailed)]
)
def test_a_notice_on_a4_is_followed_until_it_is_out(end: JobState, told: Any) -> None:
    words, around = Words.load(WORDS, "zh-Hans"), Surroundings(place="示例服务点", phone="12345")
    matter = load_catalogue(CATALOGUE, date(2026, 11, 21)).matter("N02")
    sheet = notice_sheet(matter, words, around)
    pages = pypdfium2.PdfDocument(sheet_pdf(sheet, FONTS))
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    pages.close()
    assert matter.name in text and "12345" in text
    assert matter.name in repr(notice_slip(matter, words, around))
    said: list[Any] = []
    printer = Printer(JobState.PROCESSING, end)
    worker = Watched(printer)
    SheetDesk(cast(Any, worker), said.append, FONTS).put_out(9, sheet)
    worker.turn()
    assert said == []
    worker.turn()
    assert [type(one) for one in said] == [told] and worker.look is None
    assert printer.jobs[0][0].startswith(b"%PDF")


def test_without_a_typeface_nothing_is_printed_and_she_is_told(tmp_path: Path) -> None:
    said: list[Any] = []
    worker = Watched(Printer())
    SheetDesk(cast(Any, worker), said.append, (tmp_path / "none.otf",)).put_out(2, Sheet("题", ("行",)))
    assert said == [ev.PrintFailed(2, "D100")]


def test_a_sheet_of_a_training_says_so_on_every_page() -> None:
    printer, said = Printer(JobState.COMPLETED), []
    worker = Watched(printer)
    long = Sheet("题", tuple(f"第 {number} 行" for number in range(60)))
    SheetDesk(cast(Any, worker), said.append, FONTS, mark="培训 · 无效").put_out(3, long)
    worker.turn()
    pages = pypdfium2.PdfDocument(printer.jobs[0][0])
    texts = [page.get_textpage().get_text_range() for page in pages]
    pages.close()
    assert len(texts) > 1 and all("培训 · 无效" in text for text in texts)
