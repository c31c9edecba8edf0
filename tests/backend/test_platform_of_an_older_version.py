"""A data folder of the version before: its tables are brought along, its cases go on, and nothing is lost."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.database import WrongFolder
from backend.platform import Platform
from backend.serve import LiveServer
from tests.backend.sealing_terminal import LAST_FOUR, NUMBER, SealedCase, SealingTerminal, draft_case

_SCHEMA_1 = Path(__file__).with_name("schema_1.sql")


def _make_older(data: Path) -> None:
    """Write the database anew with the tables of version 1, holding what version 1 kept."""
    file, new = data / "platform.sqlite3", data / "older.sqlite3"
    with closing(sqlite3.connect(new)) as db:
        db.executescript(_SCHEMA_1.read_text(encoding="utf-8"))
        db.execute("ATTACH DATABASE ? AS newer", (str(file),))
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = ", ".join(f'"{row[1]}"' for row in db.execute(f'PRAGMA table_info("{table}")'))
            db.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM newer."{table}"')
        db.execute("UPDATE facts SET value = '1' WHERE name = 'schema'")
        db.commit()
    for rest in data.glob("platform.sqlite3*"):
        rest.unlink()
    new.rename(file)


class Older:
    """A folder of version 1 with two cases, one of which a department had accepted."""

    def __init__(self, data: Path) -> None:
        self.data, self.clock, self.journal = data, ManualClock(), io.StringIO()
        with self.serve() as live:
            operator = SealingTerminal(live.url, live.operator_token)
            self.terminal = SealingTerminal(live.url)
            self.terminal.enrol(operator.ask("POST", "/v1/operator/codes").json()["code"])
            self.cases = [self._hand_in(), self._hand_in()]
            said = {"department": "市公安局", "state": "accepted"}
            operator.ask("POST", f"/v1/operator/cases/{self.cases[1].case_id}/events", json=said)
            operator.close()
        _make_older(data)

    def serve(self) -> LiveServer:
        return LiveServer(self.data, clock=self.clock, journal=self.journal)

    def _hand_in(self) -> SealedCase:
        case = draft_case((1,)).seal(self.terminal.recipients)
        self.terminal.send_all(case)
        assert self.terminal.hand_in(case).status_code == 201
        return case


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Older]:
    made = Older(tmp_path / "platform")
    yield made
    made.terminal.close()


def test_cases_of_before_are_found_by_person_and_go_on(older: Older) -> None:
    with older.serve() as live:
        terminal, operator = older.terminal, SealingTerminal(live.url, live.operator_token)
        terminal.url = live.url
        told = terminal.ask("POST", "/v1/people/cases", json={"number": NUMBER}).json()["cases"]
        assert [each["state"] for each in told] == ["accepted", "received"]
        assert [each["departments"][0]["state"] for each in told] == ["accepted", "received"]
        assert terminal.hand_in(older.cases[0]).status_code == 200
        number = told[0]["acceptance_number"]
        said = {"department": "牵头部门窗口", "state": "finished"}
        operator.ask("POST", f"/v1/operator/cases/{older.cases[1].case_id}/events", json=said)
        progress = terminal.ask("GET", f"/v1/progress/{number}?check={LAST_FOUR}").json()
        assert (progress["state"], len(progress["timeline"])) == ("finished", 3)
        new = draft_case((1,)).seal(terminal.recipients)
        terminal.send_all(new)
        assert terminal.hand_in(new).status_code == 201
        operator.close()
    with older.serve() as live:  # once it is done it stays so
        older.terminal.url = live.url
        told = older.terminal.ask("POST", "/v1/people/cases", json={"number": NUMBER}).json()["cases"]
        assert len(told) == 3


def test_the_tables_are_those_of_a_new_folder(older: Older, tmp_path: Path) -> None:
    for folder in (older.data, tmp_path / "new"):
        with LiveServer(folder, clock=older.clock, journal=io.StringIO()):
            pass
    shapes = []
    for folder in (older.data, tmp_path / "new"):
        with closing(sqlite3.connect(folder / "platform.sqlite3")) as db:
            names = db.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
            columns = {
                name: {row[1:4] for row in db.execute(f'PRAGMA table_info("{name}")')} for (name,) in names
            }
            shapes.append(columns)
    assert shapes[0] == shapes[1]


def test_a_case_that_cannot_be_opened_stops_nothing(older: Older) -> None:
    for file in (older.data / "files").iterdir():
        file.write_bytes(b"harmed")
    with older.serve() as live:
        older.terminal.url = live.url
        assert older.terminal.ask("POST", "/v1/people/cases", json={"number": NUMBER}).json() == {"cases": []}
        operator = SealingTerminal(live.url, live.operator_token)
        rows = operator.ask("GET", "/v1/operator/cases").json()
        assert [row["citizen_name"] for row in rows] == [None, None]
        said = {"department": "市公安局", "state": "finished"}
        answer = operator.ask("POST", f"/v1/operator/cases/{older.cases[0].case_id}/events", json=said)
        assert answer.json()["state"] == "finished" and answer.json()["departments"] == []
        operator.close()


def test_a_newer_folder_is_left_alone(older: Older) -> None:
    with closing(sqlite3.connect(older.data / "platform.sqlite3")) as db:
        db.execute("UPDATE facts SET value = '99' WHERE name = 'schema'")
        db.commit()
        before = list(db.iterdump())
    with pytest.raises(WrongFolder, match="newer"):
        Platform(older.data, older.clock, io.StringIO())
    with closing(sqlite3.connect(older.data / "platform.sqlite3")) as db:
        assert list(db.iterdump()) == before
