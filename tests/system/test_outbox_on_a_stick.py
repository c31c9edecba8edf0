"""The link is down for good: what waits goes to the platform on a stick, and comes by the network as well, later."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from backend.importing import FILES, INDEX
from backend.serve import ADDRESS, LiveServer
from ground.clock import ManualClock
from ground.logbook import MemoryLogbook
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.system.cases import invented_case, invented_evaluation
from tools.cli import main
from tools.settings import Credentials

_CONFIGURATION = """\
[site]
name = "示例服务点"
[terminal]
id = "stick"
name = "示例终端"
[platform]
url = "{url}"
[storage]
data_folder = "{folder}"
"""


class Town:
    """A platform, one enrolled terminal without a link, and a stick."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.server = LiveServer(folder / "backend").start()
        code = self.operator("POST", "/codes")["code"]
        asking = Platform(self.server.url, None, self.clock)
        given = asking.enrol(code, "示例终端")
        asking.close()
        self.terminal_id, self.token = given.terminal_id, given.token
        self.folder, self.stick = folder / "terminal", folder / "stick"
        self.stick.mkdir()
        Credentials(given.terminal_id, given.token, tuple(given.recipients)).save(self.folder)
        self.config = folder / "terminal.toml"
        self.config.write_text(
            _CONFIGURATION.format(url=self.server.url, folder=self.folder), encoding="utf-8"
        )
        self.outbox = Outbox(
            self.folder / "outbox.sqlite",
            Spool(self.folder / "spool", reserve_bytes=0),
            self.clock,
            recipients=Recipients.parse(given.recipients),
        )
        self.desk = CaseDesk(self.outbox, Health(self.clock), "sample")
        self._rng = random.Random(5)

    def operator(self, method: str, path: str) -> Any:
        with requests.Session() as asking:
            asking.trust_env = False
            headers = {"Authorization": f"Bearer {self.server.operator_token}"}
            return asking.request(method, f"{self.server.url}/v1/operator{path}", headers=headers).json()

    def hand_in(self) -> str:
        case = invented_case(self._rng, pages=(1,))
        self.desk.hand_in(case)
        self.desk.keep_evaluation(case.case_id, invented_evaluation(self.clock.now()))
        return case.case_id

    def export(self) -> int:
        return main(["outbox", "export", str(self.stick), "--config", str(self.config), "--json"])

    def take_in(self) -> int:
        return main(["backend", "import", str(self.stick), "--data", str(self.server.data), "--json"])

    def deliver(self) -> None:
        platform = Platform(self.server.url, self.token, self.clock)
        uploader = Uploader(self.outbox, platform, self.clock, MemoryLogbook(), random.Random(1))
        for _ in range(20):
            while uploader.step():
                pass
            self.clock.turn(5.0)
        platform.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.outbox.close()
    town.server.stop()


def _said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_stick_and_the_network_bring_one_and_the_same_case(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = town.hand_in(), town.hand_in()
    assert town.export() == 0
    told = _said(capsys)
    assert (told["cases"], told["evaluations"], told["signed"], told["left_out"]) == (2, 2, False, [])
    town.server.stop()
    assert town.take_in() == 0
    (taken,) = _said(capsys)
    assert (taken["terminal_id"], taken["signature"]) == (town.terminal_id, "none")
    assert (taken["new"], taken["evaluations"], taken["refused"]) == (2, 2, {})
    assert town.take_in() == 0
    (again,) = _said(capsys)
    assert (again["cases"], again["new"], again["evaluations"]) == (taken["cases"], 0, 0)
    assert town.outbox.status().waiting == 2, "nothing is removed here"
    town.server.start()
    town.outbox.rebuild()  # whatever happened to the terminal meanwhile
    platform = Platform(town.server.url, town.token, town.clock)
    uploader = Uploader(town.outbox, platform, town.clock, MemoryLogbook(), random.Random(1))
    while uploader.step():
        pass
    platform.close()
    assert [town.outbox.acceptance_number(case) for case in (first, second)] == list(taken["cases"].values())
    rows = town.operator("GET", "/cases")
    assert {row["case_id"] for row in rows} == {first, second}
    assert all(row["copies"] == 1 and row["evaluation"] == 5 for row in rows)


def test_a_platform_at_work_takes_a_stick_in(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    case = town.hand_in()
    assert town.export() == 0
    (town.server.data / ADDRESS).write_text(town.server.url, encoding="ascii")  # as `backend serve` leaves it
    capsys.readouterr()
    assert town.take_in() == 0
    (taken,) = _said(capsys)
    assert list(taken["cases"]) == [case]
    town.deliver()
    assert town.outbox.acceptance_number(case) == taken["cases"][case]


def test_an_export_that_was_broken_off_goes_on(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.hand_in()
    assert town.export() == 0
    whole = _said(capsys)
    on_stick = town.stick / town.terminal_id
    files = sorted((on_stick / FILES).iterdir())
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:-1])
    (on_stick / INDEX).unlink()
    assert town.take_in() == 2, "without an index nothing is taken in"
    assert town.export() == 0
    again = _said(capsys)
    assert (whole["copied"], again["copied"]) == (len(files), 2)
    assert sorted(file.name for file in (on_stick / FILES).iterdir()) == [file.name for file in files]


def test_a_harmed_stick_spoils_one_case_and_no_other(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    broken, good = town.hand_in(), town.hand_in()
    assert town.export() == 0
    index = json.loads((town.stick / town.terminal_id / INDEX).read_bytes())
    part = index["items"][0]["envelope"]["parts"][1]["sha256"]
    (town.stick / town.terminal_id / FILES / f"{part}.age").write_bytes(b"something else")
    capsys.readouterr()
    (town.server.data / ADDRESS).write_text(town.server.url, encoding="ascii")
    assert town.take_in() == 1
    (taken,) = _said(capsys)
    assert list(taken["cases"]) == [good]
    assert taken["refused"][broken].startswith(("U409", "B404"))
    town.deliver()
    assert {row["case_id"] for row in town.operator("GET", "/cases")} == {broken, good}


def test_a_signature_that_is_not_the_terminals_is_refused(town: Town) -> None:
    town.hand_in()
    assert town.export() == 0
    from backend.clock import RealClock
    from backend.importing import SIGNATURE, UnusableExport, exports, import_from
    from backend.platform import Platform as Backend

    town.server.stop()
    (folder,) = exports(town.stick)
    (folder / SIGNATURE).write_text('{"algorithm": "ed25519", "key_id": "k", "signature": "AAAA"}')
    import io

    backend = Backend(town.server.data, RealClock(), io.StringIO())
    try:
        with pytest.raises(UnusableExport):
            import_from(backend, folder, lambda terminal, key, algorithm, content, signature: False)
        good = import_from(backend, folder, lambda terminal, key, algorithm, content, signature: True)
        assert (good.signature, good.new) == ("good", 1)
    finally:
        backend.close()


def test_another_citys_terminal_is_not_taken_in(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.hand_in()
    assert town.export() == 0
    index = town.stick / town.terminal_id / INDEX
    index.write_text(index.read_text().replace(town.terminal_id, "T000000000000"))
    town.server.stop()
    assert town.take_in() == 2
    assert "unknown to this platform" in capsys.readouterr().err


def test_what_the_technician_asks(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    case_id = town.hand_in()
    number = town.outbox.case(case_id).local_number
    town.outbox.add_message("hardship", {"kind": "stairs"})

    def outbox(*words: str) -> int:
        return main(["outbox", *words, "--config", str(town.config)])

    assert outbox("status", "--json") == 0
    status = _said(capsys)
    assert {"waiting", "sending", "stuck", "delivered_today", "oldest_s", "bytes_waiting"} <= status.keys()
    assert (status["waiting"], status["messages_waiting"]) == (1, 1)
    assert status["clock"] == {"state": "unknown", "off_s": None, "since": None}
    assert outbox("list", "--json") == 0
    listed = _said(capsys)
    assert ([case["case_id"] for case in listed["cases"]], len(listed["messages"])) == ([case_id], 1)
    assert outbox("list") == 0
    assert number in capsys.readouterr().out
    assert outbox("show", number, "--json") == 0
    assert _said(capsys)["case_id"] == case_id
    assert outbox("show", "T-000999-1") == 1
    assert outbox("retry", number) == 0
    assert outbox("verify") == 0
    assert outbox("rebuild", "--json") == 0
    capsys.readouterr()
    assert outbox("drain", "--timeout-s", "30") in (
        0,
        1,
    )  # hardship reports need a platform that takes messages
    assert town.outbox.case(case_id).acceptance_number
    shutil.rmtree(town.stick)
    assert town.export() == 2
