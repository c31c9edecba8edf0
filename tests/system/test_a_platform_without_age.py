"""A platform that cannot open age: the terminal seals to a key of its own, and opens in memory as it sends."""

import io
import random
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
import requests

from backend.serve import LiveServer
from backend.settings import Settings
from config.load import ConfigError, load_config
from config.schema import TerminalConfig
from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from offline_cache.errors import BadRecipient
from offline_cache.opening import OpeningOutbox
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.backend.sealing_terminal import SealingTerminal, draft_case
from tests.system.cases import invented_case
from tests.system.small_terminal import configuration
from tools.assemble import open_outbox, open_platform
from tools.cli import main
from tools.settings import with_credentials

NUMBER = "11010519491231002X"  # of the invented case


class Office:
    """A platform without an age key, and a terminal whose own key lies in systemd's credentials folder."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(opens_age=False, signatures="all")
        self.server = LiveServer(folder / "backend", settings=settings, journal=io.StringIO()).start()
        self.data, self.credentials = folder / "terminal", folder / "credentials"
        self.file = folder / "terminal.toml"
        text = configuration(self.server.url, self.data, platform='takes = "opened"')
        self.file.write_text(text, encoding="utf-8")
        self.operator = {"Authorization": f"Bearer {self.server.operator_token}"}
        made = requests.post(f"{self.server.url}/v1/operator/codes", headers=self.operator, timeout=30)
        assert main(["enrol", "--code", made.json()["code"], "--config", str(self.file)]) == 0
        self.credentials.mkdir()
        self.identity = pyrage.x25519.Identity.generate()
        (self.credentials / "own.key").write_text(f"{self.identity}\n", encoding="ascii")

    @property
    def config(self) -> TerminalConfig:
        return with_credentials(load_config(self.file, None, {}))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    office = Office(tmp_path)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(office.credentials))
    yield office
    office.server.stop()


def deliver(office: Office, outbox: Outbox) -> MemoryLogbook:
    clock, logbook = RealClock(), MemoryLogbook()
    platform = open_platform(office.config, clock)
    uploader = Uploader(outbox, platform, clock, logbook, random.Random(1))
    while uploader.step():
        pass
    platform.close()
    return logbook


def everything_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_platform_holds_no_key_and_names_none(office: Office) -> None:
    assert not (office.server.data / "keys" / "identity.age").exists()
    assert office.config.platform.recipients == ()
    assert stat.S_IMODE((office.data / "terminal.key").stat().st_mode) == 0o600


def test_a_case_is_delivered_open_and_never_lies_open_here(office: Office) -> None:
    clock = RealClock()
    face = open_outbox(office.config, clock)
    case = invented_case(random.Random(1), pages=(1, 2))
    CaseDesk(face, Health(clock), "sample").hand_in(case)
    face.close()
    lies_here = everything_below(office.data)
    assert NUMBER.encode() not in lies_here
    sealed = next((office.data / "spool").glob("*.age")).read_bytes()
    assert b"age-encryption.org/v1" in sealed
    outbox = open_outbox(office.config, clock, to_deliver=True)
    assert isinstance(outbox, OpeningOutbox)
    before = {path: path.stat().st_mtime_ns for path in (office.data / "spool").iterdir()}
    job = outbox.claim(60.0, "looks")
    assert job is not None and job.case_id == case.case_id
    outbox.release(job)
    assert {path: path.stat().st_mtime_ns for path in (office.data / "spool").iterdir()} == before
    deliver(office, outbox)
    assert outbox.acceptance_number(case.case_id)
    outbox.close()
    held = requests.get(
        f"{office.server.url}/v1/operator/cases/{case.case_id}", headers=office.operator, timeout=30
    ).json()
    assert held["case_id"] == case.case_id
    assert NUMBER.encode() not in everything_below(office.data)
    assert not list((office.data / "spool").glob("*.age"))  # delivered, hence deleted


def test_a_broken_off_delivery_goes_on_where_it_was(office: Office) -> None:
    clock = RealClock()
    face = open_outbox(office.config, clock)
    case = invented_case(random.Random(2), pages=(1,))
    CaseDesk(face, Health(clock), "sample").hand_in(case)
    face.close()
    outbox = open_outbox(office.config, clock, to_deliver=True)
    platform = open_platform(office.config, clock)
    job = outbox.claim(60.0, "first")
    assert job is not None
    part = job.parts[0]  # type: ignore[union-attr]
    said = {"case": case.case_id, "part": part.part, "sha256": part.sha256}
    location = platform.uploads.create(part.bytes, said)
    outbox.release(job)
    with outbox.open_part(part) as file:
        platform.uploads.send(location, file, part.bytes, 0, lambda _: None)
    sent = {each.part for each in platform.files(case.case_id) if each.complete}
    platform.close()
    assert sent == {part.part}
    deliver(office, outbox)
    assert outbox.acceptance_number(case.case_id)
    outbox.close()


def test_what_was_sealed_to_somebody_else_waits_for_the_technician(office: Office) -> None:
    clock = RealClock()
    stranger = pyrage.x25519.Identity.generate()
    before = Outbox(
        office.data / "outbox.sqlite",
        Spool(office.data / "spool"),
        clock,
        recipients=Recipients.parse([str(stranger.to_public())]),
    )
    foreign, own = (invented_case(random.Random(seed), pages=(1,)) for seed in (3, 4))
    CaseDesk(before, Health(clock), "sample").hand_in(foreign)
    before.close()
    outbox = open_outbox(office.config, clock, to_deliver=True)
    CaseDesk(outbox, Health(clock), "sample").hand_in(own)
    deliver(office, outbox)
    assert outbox.case(foreign.case_id).error_code == "S103"  # set aside, kept, and the others pass
    assert outbox.status().stuck == 1
    assert outbox.acceptance_number(own.case_id)
    assert outbox.verify() == []
    outbox.close()


def test_without_a_key_of_its_own_it_takes_nothing(office: Office) -> None:
    (office.credentials / "own.key").unlink()
    with pytest.raises(BadRecipient):
        open_outbox(office.config, RealClock())


def test_open_parts_leave_only_inside_tls(office: Office) -> None:
    text = office.file.read_text(encoding="utf-8").replace(office.server.url, "http://platform.example")
    office.file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_config(office.file, None, {})
    assert any("https" in line for line in raised.value.describe_mistakes())


def test_a_platform_that_opens_age_takes_nothing_that_is_open(tmp_path: Path) -> None:
    with (
        LiveServer(tmp_path / "p", journal=io.StringIO()) as live,
        closing(SealingTerminal(live.url, live.operator_token)) as boss,
        closing(SealingTerminal(live.url)) as terminal,
    ):
        assert terminal.enrol(boss.ask("POST", "/v1/operator/codes").json()["code"]).ok
        case = draft_case().seal(terminal.recipients)
        case.sealed = case.sealed | case.clear
        terminal.send_all(case)
        answer = terminal.hand_in(case)
    assert (answer.status_code, answer.json()["code"]) == (422, "B451")
