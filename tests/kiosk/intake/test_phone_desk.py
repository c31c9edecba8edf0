"""Real platform, real threads, a real HTTP client that plays the phone: from the code to the delivered case."""

import io
import json
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pyrage
import pytest
import requests

from backend.clock import ManualClock as PlatformClock
from backend.serve import LiveServer
from ground.logbook import MemoryLogbook
from kiosk.capture.flatten import SheetSize
from kiosk.capture.origin import Way
from kiosk.catalogue.load import load_catalogue
from kiosk.intake.phone_desk import PhoneDesk
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.words import Words
from offline_cache.errors import UploadError
from offline_cache.items import CaseToSeal, PartToSeal
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.backend.phone import Phone, said
from tests.journeys.walked_world import NOW, STROKES, MemoryStage, World
from tests.kiosk.intake.brought_files import bomb, jpeg, pdf, photographed
from tests.kiosk.intake.desks_of_intake import CLOCK, Inbox, Threads
from tools.assemble import CATALOGUE, WORDS

LABEL = "租房合同或备案证明"
#: small, so that these tests wait for threads and not for pixels; what becomes of pictures is tested beside
SMALL = jpeg(cv2.resize(photographed(), (640, 480), interpolation=cv2.INTER_AREA))


class Terminal:
    """An enrolled terminal's phone desk on real threads."""

    def __init__(self, server: LiveServer) -> None:
        operator = {"Authorization": f"Bearer {server.operator_token}"}
        code = requests.post(f"{server.url}/v1/operator/codes", headers=operator, timeout=60).json()["code"]
        with closing(Platform(server.url, None, CLOCK)) as newcomer:
            self.enrolled = newcomer.enrol(code, "一号机")
        self.server, self.inbox, self.threads = server, Inbox(), Threads()
        self.platform = self.threads.worker(
            "platform",
            start=self.client,
            stop=lambda platform: platform.close(),
            errors=(UploadError,),
            refusals=(UploadError,),
        )
        self.maker = self.threads.maker(self.inbox.post)
        self.desk = PhoneDesk(self.platform, self.maker, self.inbox.post, minutes=5)

    def client(self) -> Platform:
        return Platform(self.server.url, self.enrolled.token, CLOCK)


@pytest.fixture
def clock() -> PlatformClock:
    return PlatformClock()


@pytest.fixture
def server(tmp_path: Path, clock: PlatformClock) -> Iterator[LiveServer]:
    with LiveServer(tmp_path / "platform", clock=clock, journal=io.StringIO()) as live:
        yield live


@pytest.fixture
def terminal(server: LiveServer) -> Iterator[Terminal]:
    made = Terminal(server)
    made.threads.begin()
    yield made
    made.threads.end()


def phone_at(terminal: Terminal, ticket: int = 1) -> Phone:
    terminal.desk.open(ticket, LABEL, SheetSize.CARD, 3)
    ready = terminal.inbox.until(
        lambda: next(
            (e for e in terminal.inbox.events if isinstance(e, ev.PhoneReady) and e.ticket == ticket), None
        )
    )
    assert ready.lasts_s == 300
    return Phone(ready.url)


def test_what_the_phone_does_is_told_and_its_pages_come(terminal: Terminal) -> None:
    with closing(phone_at(terminal)) as phone:
        phone.look()
        terminal.inbox.first(ev.PhoneOpened)
        assert said(phone.send(SMALL)) == ["谢谢，收到 1 页"]
        assert terminal.inbox.first(ev.PhoneArrived).count == 1
        page = terminal.inbox.first(ev.PageTaken).page
        assert page.origin.way is Way.PHONE
    assert all(event.ticket == 1 for event in terminal.inbox.events)


def test_hostile_files_become_a_reason_each(terminal: Terminal) -> None:
    with closing(phone_at(terminal)) as phone:
        assert phone.send(bomb()).ok  # it is a PNG by its first bytes; the border of the kiosk knows better
        assert terminal.inbox.first(ev.PageFailed).code == "F104"
        phone.send(pdf(1, script="app.alert(1)"))
        assert terminal.inbox.first(ev.PageFailed, 2).code == "F112"
        phone.send(SMALL)
        assert terminal.inbox.first(ev.PageTaken)  # the desk goes on


def test_closing_voids_the_code_at_once(terminal: Terminal) -> None:
    with closing(phone_at(terminal)) as phone:
        terminal.desk.close()
        terminal.inbox.until(lambda: phone.look().status_code == 410)
        assert phone.send(SMALL).status_code == 410


def test_a_new_code_voids_the_former(terminal: Terminal) -> None:
    with closing(phone_at(terminal, 1)) as former, closing(phone_at(terminal, 2)) as phone:
        assert former.look().status_code == 410
        phone.send(SMALL)
        assert terminal.inbox.first(ev.PageTaken).ticket == 2


def test_the_platform_says_when_it_is_over(terminal: Terminal, clock: PlatformClock) -> None:
    with closing(phone_at(terminal)):
        clock.turn(300)
        assert terminal.inbox.first(ev.PhoneOver) == ev.PhoneOver(1, "")


def test_a_platform_that_forgot_is_over_too(terminal: Terminal, clock: PlatformClock) -> None:
    with closing(phone_at(terminal)):
        clock.turn(3000)
        assert terminal.inbox.first(ev.PhoneOver) == ev.PhoneOver(1, "")


def test_no_platform_at_all(terminal: Terminal, server: LiveServer) -> None:
    server.stop()
    terminal.desk.open(7, LABEL, SheetSize.CARD, 3)
    assert terminal.inbox.first(ev.PhoneOver) == ev.PhoneOver(7, "U101")


def test_what_was_made_for_a_visit_that_ended_is_dropped(terminal: Terminal) -> None:
    with closing(phone_at(terminal)) as phone:
        phone.look()
        terminal.inbox.first(ev.PhoneOpened)
        terminal.maker.forget()
        done = []
        terminal.maker.make(1, SMALL, SheetSize.CARD, Way.PHONE, 1, lambda: done.append(1))
        terminal.maker.forget()
        terminal.inbox.until(lambda: done)
    assert not [event for event in terminal.inbox.events if isinstance(event, ev.PageTaken)]


# --- a whole visit ---


class PhoneStage(MemoryStage):
    """Everything in memory but the phone, which is real."""

    def __init__(self, desk: PhoneDesk) -> None:
        super().__init__()
        self._desk = desk

    def open_phone(self, ticket: int, label: str, size: SheetSize, most: int) -> None:
        super().open_phone(ticket, label, size, most)
        self._desk.open(ticket, label, size, most)

    def close_phone(self) -> None:
        super().close_phone()
        self._desk.close()


def test_pages_from_a_phone_arrive_in_the_case_that_the_platform_accepts(
    terminal: Terminal, server: LiveServer, tmp_path: Path
) -> None:
    world = World(load_catalogue(CATALOGUE, NOW.date()), Words.load(WORDS, "zh-Hans"))
    stage = PhoneStage(terminal.desk)
    vars(world.visit)["_stage"] = world.stage = stage
    stage.post = world.conductor.post
    world.around = replace(world.around, phone_upload=True)
    world.to_capture("owned")
    _photograph_all(world, terminal)
    world.do(ev.Continue(), ev.Sign(STROKES))
    assert stage.case is not None
    number = _delivered(stage.case, terminal, server, tmp_path)
    manifest = _opened(server, number)
    ways = {page["way"] for material in manifest["materials"] for page in material["pages_made"]}
    assert ways == {"phone"}
    assert not [
        path for path in server.data.rglob("*") if path.is_file() and b"\xff\xd8\xff" in path.read_bytes()[:4]
    ]


def _photograph_all(world: World, terminal: Terminal) -> None:
    """Every material by phone: scan the code, send a picture, look, keep."""
    shades = iter(range(3, 40))
    heard = 0

    def pumped(wanted: type) -> Any:
        nonlocal heard
        while heard < len(terminal.inbox.events):
            world.answer(terminal.inbox.events[heard])
            heard += 1
        return world.view if isinstance(world.view, wanted) else None

    while isinstance(world.view, views.Capture):
        if world.view.enough:
            world.do(ev.Continue())
            continue
        world.do(ev.UsePhone())
        while isinstance(world.view, views.Phone) and not world.view.enough:
            shown = terminal.inbox.until(lambda: (v := pumped(views.Phone)) and v.url and v)
            with closing(Phone(shown.url)) as phone:
                assert phone.send(jpeg(photographed(next(shades)))).ok
            terminal.inbox.until(lambda: pumped(views.CheckPage))
            world.do(ev.Continue())
        if isinstance(world.view, views.Phone):
            world.do(ev.Continue())


def _delivered(case: Any, terminal: Terminal, server: LiveServer, folder: Path) -> str:
    outbox = Outbox(
        folder / "outbox.sqlite",
        Spool(folder / "spool", reserve_bytes=0),
        CLOCK,
        recipients=Recipients.parse(terminal.enrolled.recipients),
    )
    parts = tuple(PartToSeal(name_in_manifest=name, content=content) for name, content in case.parts)
    outbox.hand_in(
        CaseToSeal(case_id=case.case_id, matter_code=case.matter_code, manifest=case.manifest, parts=parts)
    )
    with closing(terminal.client()) as platform:
        uploader = Uploader(outbox, platform, CLOCK, MemoryLogbook(), random.Random(1))
        while uploader.step():
            pass
    number = outbox.acceptance_number(case.case_id)
    outbox.close()
    assert number is not None
    return number


def _opened(server: LiveServer, number: str) -> dict[str, Any]:
    identity = pyrage.x25519.Identity.from_str((server.data / "keys" / "identity.age").read_text().strip())
    opened = (pyrage.decrypt(file.read_bytes(), [identity]) for file in (server.data / "files").iterdir())
    (manifest,) = [json.loads(content) for content in opened if content.startswith(b"{")]
    assert number
    return dict(manifest)
