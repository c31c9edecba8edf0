"""A support bundle from the technician's glass: a real folder plays the stick, a real platform over HTTP takes it."""

import io
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from backend.serve import LiveServer
from ground.logbook import Event
from kiosk.intake import stick_out
from kiosk.intake.stick import StickGone, StickUnsafe
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.tending import events as te
from tests.kiosk.intake.test_stick import SAFE, Slot
from tests.tools.tending_hall import SILENT, Hall
from tools.bundle.verb import checked
from tools.cli import main
from tools.logs import believed

SERVICE = "rw,nosuid,nodev,noexec,noatime"


class Site:
    """A terminal that is enrolled, its USB slot, and its platform."""

    def __init__(self, folder: Path, server: LiveServer) -> None:
        self.server, self.slot = server, Slot(folder)
        more = f'{SILENT}[intake]\nstick_folder = "{self.slot.media}"\n'
        self.hall = Hall(folder, more, platform=server.url, mount_table=self.slot.table, enrol=self._enrol)

    def _enrol(self, file: Path) -> None:
        code = self._operator("POST", "/codes").json()["code"]
        assert main(["enrol", "--code", code, "--config", str(file)]) == 0

    def _operator(self, method: str, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.server.operator_token}"}
        return requests.request(method, f"{self.server.url}/v1/operator{path}", headers=headers, timeout=30)

    def brought(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._operator("GET", "/bundles").json()
        return rows

    def make(self, to: str) -> Any:
        self.hall.do(te.Choose(to))
        return self.ended()

    def ended(self) -> Any:
        return self.hall.until(lambda view: isinstance(view, views.Bundling) and view.state != "working")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with LiveServer(tmp_path / "platform", journal=io.StringIO()) as server:
        site = Site(tmp_path, server)
        yield site
        site.hall.terminal.end()


def test_a_technician_takes_one_home_on_a_service_stick(site: Site) -> None:
    hall, slot = site.hall, site.slot
    slot.put_in(SERVICE)
    hall.come_in("07")
    assert {line.key: line.mood for line in hall.page("bundle").lines}["stick"] == "good"
    stages: list[str] = []
    hall.do(te.Choose("stick"))
    done = hall.until(
        lambda view: stages.append(getattr(view, "stage", "")) or getattr(view, "state", "") == "done"  # type: ignore[func-returns-value]
    )
    assert set(stages) - {""} <= {"gather", "look", "hand"} and len(set(stages)) > 1
    (file,) = slot.root.iterdir()
    assert file.name == done.came_to.name and file.name.startswith("tiantianshun-")
    assert checked(file, believed(hall.config))["problems"] == []
    act = {"act": "bundle", "of": "stick", "person": "07", "role": "technician"}
    assert act in hall.logged(Event.TENDING_ACT)
    (made,) = hall.logged(Event.BUNDLE_MADE)
    assert (made["to"], made["person"]) == ("stick", "07")
    hall.do(te.Proceed())
    assert hall.until(lambda view: view.page == "acts")


def test_a_citizens_stick_is_not_written_to_and_the_platform_is_offered(site: Site) -> None:
    hall, slot = site.hall, site.slot
    slot.put_in(SAFE)
    hall.come_in("12")
    assert "TTS-SERVICE" in {line.key: line.note for line in hall.page("bundle").lines}["stick"]
    failed = site.make("stick")
    assert (failed.state, failed.came_to.code) == ("failed", "F134")
    assert list(slot.root.iterdir()) == []
    assert hall.logged(Event.BUNDLE_NOT_MADE) == [{"to": "stick", "code": "F134", "person": "12"}]
    assert site.make("platform").state == "done"
    (row,) = site.brought()
    assert row["terminal_id"] == hall.config.terminal.id
    page = requests.get(f"{site.server.url}/terminals", auth=("", site.server.operator_token), timeout=30)
    assert f"/terminals/{row['terminal_id']}/bundles/{row['sha256']}" in page.text


def test_a_platform_that_is_away_is_a_code_and_may_be_tried_again(site: Site) -> None:
    hall = site.hall
    hall.come_in("07")
    hall.page("bundle")
    site.server.stop()
    failed = site.make("platform")
    assert (failed.state, failed.came_to.code[:1]) == ("failed", "U")
    hall.do(te.Proceed())
    assert site.ended().came_to.code == failed.came_to.code
    hall.do(ev.Back())
    assert hall.until(lambda view: getattr(view, "page", "") == "bundle")


# --- the stick itself ---


def nobody(at: int, of: int) -> None:
    """Nobody watches."""


def test_what_is_pulled_out_or_not_mounted_as_it_should_is_refused(tmp_path: Path) -> None:
    slot = Slot(tmp_path)
    for options, error in ((SAFE, stick_out.StickReadOnly), ("rw,nosuid,nodev", StickUnsafe)):
        slot.put_in(options)
        with pytest.raises(error):
            stick_out.put(slot.media, "a.zip", b"x", nobody, slot.table)
    slot.pull_out()
    with pytest.raises(StickGone):
        stick_out.put(slot.media, "a.zip", b"x", nobody, slot.table)
    assert list(slot.root.iterdir()) == []


def test_whoever_pulls_it_out_or_leaves_in_the_middle_leaves_no_half_file(tmp_path: Path) -> None:
    slot = Slot(tmp_path)
    slot.put_in(SERVICE)
    seen: list[int] = []

    def leaves(at: int, of: int) -> None:
        seen.append(at)
        if len(seen) == 2:
            raise StickGone

    with pytest.raises(StickGone):
        stick_out.put(slot.media, "a.zip", bytes(1_000_000), leaves, slot.table)
    assert seen == [256 * 1024, 512 * 1024] and list(slot.root.iterdir()) == []


def test_a_link_that_lies_on_the_stick_leads_nowhere(tmp_path: Path) -> None:
    slot, victim = Slot(tmp_path), tmp_path / "victim"
    victim.write_bytes(b"mine")
    slot.put_in(SERVICE)
    for name in ("a.zip", ".a.zip.part"):
        (slot.root / name).symlink_to(victim)
    stick_out.put(slot.media, "a.zip", b"bundle", nobody, slot.table)
    assert victim.read_bytes() == b"mine"
    assert (slot.root / "a.zip").read_bytes() == b"bundle" and not (slot.root / "a.zip").is_symlink()


def test_a_full_stick_is_told_of_and_left_as_it_was(tmp_path: Path) -> None:
    slot = Slot(tmp_path)
    slot.put_in(SERVICE)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300 * 1024, before[1]))  # the system says no in mid-file
    try:
        with pytest.raises(stick_out.StickFull):
            stick_out.put(slot.media, "a.zip", bytes(1_000_000), nobody, slot.table)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(slot.root.iterdir()) == []


def test_a_place_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    slot = Slot(tmp_path)
    slot.put_in(SERVICE)
    slot.root.rename(slot.media / "elsewhere")
    slot.root.symlink_to(slot.media / "elsewhere")
    with pytest.raises(StickGone):
        stick_out.put(slot.media, "a.zip", b"x", nobody, slot.table)
