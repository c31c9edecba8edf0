"""What an operator publishes reaches a terminal, is checked there, and is used; keys are changed without a loss."""

import io
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from backend.serve import LiveServer
from config.load import load_config
from ground.clock import ManualClock, RealClock
from ground.logbook import Event, MemoryLogbook
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from offline_cache.items import ClockState, LinkState
from offline_cache.uploader import Uploader
from tests.system.cases import invented_case
from tests.system.small_terminal import configuration
from tools.assemble import open_outbox, open_platform, out_of_service, surroundings_of
from tools.cli import main, parser
from tools.downloads import CATALOGUE, Refresher, catalogue_in_force, checks, downloads_of, known_recipients
from tools.settings import settings, with_credentials


class Office:
    """A platform, one enrolled terminal, and both of their people."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "terminal"
        self.server = LiveServer(folder / "backend", journal=io.StringIO()).start()
        self.port = self.server.url
        self.file = folder / "terminal.toml"
        text = configuration(self.server.url, self.data, more="[journey]\npatience_s = 90.0")
        self.file.write_text(text, encoding="utf-8")
        headers = {"Authorization": f"Bearer {self.server.operator_token}"}
        made = requests.post(f"{self.server.url}/v1/operator/codes", headers=headers, timeout=30)
        assert main(["enrol", "--code", made.json()["code"], "--config", str(self.file)]) == 0
        (self.server.data / "address").write_text(
            self.server.url, encoding="ascii"
        )  # as `backend serve` does
        self.config = with_credentials(load_config(self.file, None, {}))
        self.logbook = MemoryLogbook()

    def operator(self, *arguments: str) -> int:
        return main(["backend", *arguments, "--data", str(self.server.data), "--json"])

    def refresh(self) -> float:
        platform = open_platform(self.config, RealClock())
        today = RealClock().now().date()
        try:
            return Refresher(
                platform,
                downloads_of(self.config),
                checks(self.file, None, today),
                self.logbook,
                random.Random(1),
            ).step()
        finally:
            platform.close()

    def told(self, event: Event) -> list[dict[str, Any]]:
        return [facts for name, facts in self.logbook.lines if name is event]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.server.stop()


def test_a_catalogue_is_published_taken_and_used(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    clock = RealClock()
    shipped, origin = catalogue_in_force(office.config, clock)
    assert origin == "shipped"
    folder = office.folder / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    topics = folder / "topics.yaml"
    topics.write_text(topics.read_text(encoding="utf-8") + "\n# published\n", encoding="utf-8")
    capsys.readouterr()
    assert office.operator("publish", "catalogue", str(folder)) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "catalogue", "version": 1}
    office.refresh()
    catalogue, origin = catalogue_in_force(office.config, clock)
    assert origin == "version 1 of the platform, 0 days old"
    assert [matter.code for matter in catalogue.matters] == [matter.code for matter in shipped.matters]
    taken = [facts["name"] for facts in office.told(Event.DOWNLOAD_TAKEN)]
    assert taken == ["recipients", "catalogue"]


def test_a_catalogue_with_mistakes_leaves_the_old_one(office: Office) -> None:
    folder = office.folder / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    assert office.operator("publish", "catalogue", str(folder)) == 0
    office.refresh()
    (folder / "topics.yaml").write_text("- a: [", encoding="utf-8")
    assert office.operator("publish", "catalogue", str(folder)) == 0
    for _ in range(2):
        office.refresh()
    assert catalogue_in_force(office.config, RealClock())[1].startswith("version 1 ")
    (refused, *again) = office.told(Event.DOWNLOAD_REFUSED)
    assert (refused["name"], refused["code"], refused["why"], refused["offered"]) == (
        "catalogue",
        "U113",
        "check",
        2,
    )
    assert len(again) <= 1  # each `Refresher` notes it once


def test_the_platforms_settings_lie_between_the_file_and_the_profile(office: Office) -> None:
    folder = office.folder / "settings"
    folder.mkdir()
    (folder / "settings.toml").write_text("[journey]\npatience_s = 150.0\n", encoding="utf-8")
    assert office.operator("publish", "config", str(folder)) == 0
    office.refresh()
    asked = parser().parse_args(["uploader", "--config", str(office.file)])
    used = settings(asked, {})
    assert used is not None
    assert used.journey.patience_s == 150.0
    assert used.platform.token is not None
    over = settings(asked, {"KIOSK__JOURNEY__PATIENCE_S": "200"})
    assert over is not None and over.journey.patience_s == 200.0
    (folder / "settings.toml").write_text('[platform]\nurl = "http://elsewhere"\n', encoding="utf-8")
    assert office.operator("publish", "config", str(folder)) == 0
    office.refresh()
    used = settings(asked, {})
    assert used is not None and used.journey.patience_s == 150.0
    assert office.told(Event.DOWNLOAD_REFUSED)[-1]["why"] == "check"


def test_a_new_key_is_sealed_to_and_the_old_one_opens_on(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = RealClock()
    office.refresh()
    outbox = open_outbox(office.config, clock)
    desk = CaseDesk(outbox, Health(clock), "sample")
    rng = random.Random(3)
    before = invented_case(rng, pages=(1,))
    desk.hand_in(before)
    capsys.readouterr()
    assert office.operator("new-recipient", "--days", "400") == 0
    made = json.loads(capsys.readouterr().out)
    office.refresh()
    known = known_recipients(office.config, clock)
    sealed_to = known()
    assert sealed_to is not None and sealed_to.keys == (made["recipient"],)
    assert known.outlook().days_left == 399
    after = invented_case(rng, pages=(1,))
    desk.hand_in(after)  # the same open outbox: it needs no restart
    platform = open_platform(office.config, clock)
    uploader = Uploader(outbox, platform, clock, office.logbook, random.Random(1))
    while uploader.step():
        pass
    platform.close()
    assert outbox.acceptance_number(before.case_id) and outbox.acceptance_number(after.case_id)
    outbox.close()
    office.server.stop()  # and after a restart it still opens both
    office.server.start()
    headers = {"Authorization": f"Bearer {office.server.operator_token}"}
    for case in (before, after):
        at = f"{office.server.url}/v1/operator/cases/{case.case_id}"
        assert requests.get(at, headers=headers, timeout=30).json()["case_id"] == case.case_id


def test_operators_verbs_work_while_the_platform_is_down(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.server.stop()
    (office.server.data / "address").unlink()
    terminal_id = office.config.terminal.id
    for verb, state in (("revoke", True), ("restore", False)):
        capsys.readouterr()
        assert office.operator(verb, terminal_id) == 0
        assert bool(json.loads(capsys.readouterr().out)["revoked_at"]) is state
    assert office.operator("terminals") == 0
    assert office.operator("forget-key", terminal_id) == 0
    assert office.operator("revoke", "T0") == 1
    assert "B404" in capsys.readouterr().err
    assert main(["backend", "terminals", "--data", str(office.folder)]) == 2


def test_without_a_link_the_old_ones_go_on(office: Office) -> None:
    office.refresh()
    held = downloads_of(office.config).held("recipients")
    office.server.stop()
    assert 0 < office.refresh() <= 600
    assert downloads_of(office.config).held("recipients") == held
    assert known_recipients(office.config, RealClock())() is not None


def test_revoked_it_takes_nothing_new_keeps_what_it_has_and_goes_on_when_restored(office: Office) -> None:
    clock = ManualClock(RealClock().now())
    health = Health(clock)
    outbox = open_outbox(office.config, clock)
    desk = CaseDesk(outbox, health, "sample", recipients=known_recipients(office.config, clock))
    case = invented_case(random.Random(4), pages=(1,))
    desk.hand_in(case)
    platform = open_platform(office.config, clock)
    uploader = Uploader(outbox, platform, clock, office.logbook, random.Random(1))

    def deliver() -> None:
        for _ in range(12):
            while uploader.step():
                pass
            clock.turn(10.0)
        desk.look()

    assert office.operator("revoke", office.config.terminal.id) == 0
    deliver()
    link = health.of("link")
    assert link is not None and (link.ok, link.code) == (False, "U111")
    around = surroundings_of(office.config, health)()
    assert around.out_of_service == "U111"
    assert (outbox.status().waiting, outbox.status().stuck) == (1, 0)
    assert outbox.verify() == []
    assert office.operator("restore", office.config.terminal.id) == 0
    deliver()
    assert surroundings_of(office.config, health)().out_of_service == ""
    assert outbox.acceptance_number(case.case_id)
    platform.close()
    outbox.close()


def test_out_of_service_when_nobody_is_left_to_seal_to(office: Office) -> None:
    assert office.operator("new-recipient", "--days", "10") == 0
    office.refresh()
    clock = ManualClock(RealClock().now())
    health = Health(clock)
    outbox = open_outbox(office.config, clock)
    desk = CaseDesk(outbox, health, "sample", recipients=known_recipients(office.config, clock))
    desk.look()
    part = health.of("recipients")
    assert part is not None and (part.ok, part.value) == (True, "9 days left")
    assert out_of_service(health) is None
    clock.turn(11 * 86400)
    desk.look()
    assert surroundings_of(office.config, health)().out_of_service == "S110"
    outbox.note_clock(ClockState.JUMPED, None)  # the clock proves nothing
    desk.look()
    assert surroundings_of(office.config, health)().out_of_service == ""
    outbox.note_link(LinkState.UP, None)
    desk.hand_in(
        invented_case(random.Random(5), pages=(1,))
    )  # who stands there is never turned away in mid-visit
    outbox.close()
