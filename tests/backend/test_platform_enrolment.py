"""Terminals: enrolled once, known by their token, revoked."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.serve import LiveServer
from backend.settings import Settings
from tests.backend.sealing_terminal import SealingTerminal


def test_health_names_the_service(server: LiveServer) -> None:
    with closing(SealingTerminal(server.url)) as stranger:
        said = stranger.ask("GET", "/health").json()
    assert said["service"] == "joint-service"
    assert said["status"] == "ok"
    assert said["time"] == "2026-11-21T01:41:00Z"


def test_an_enrolled_terminal_is_known(terminal: SealingTerminal) -> None:
    said = terminal.ask("GET", "/v1/terminal").json()
    assert said["terminal_id"] == terminal.terminal_id
    assert said["name"] == "一号机"
    assert said["recipients"] == terminal.recipients
    assert terminal.recipients[0].startswith("age1")


def test_a_code_works_once(server: LiveServer, operator: SealingTerminal) -> None:
    code = operator.ask("POST", "/v1/operator/codes").json()["code"]
    with closing(SealingTerminal(server.url)) as first, closing(SealingTerminal(server.url)) as second:
        assert first.enrol(code.lower().replace("-", " ")).status_code == 200
        refused = second.enrol(code)
    assert refused.status_code == 403
    assert refused.json()["code"] == "B403"


def test_a_code_is_void_after_its_hours(
    server: LiveServer, operator: SealingTerminal, clock: ManualClock
) -> None:
    code = operator.ask("POST", "/v1/operator/codes").json()["code"]
    clock.turn(72 * 3600)
    with closing(SealingTerminal(server.url)) as late:
        assert late.enrol(code).status_code == 403


def test_guessing_codes_is_slowed_down(tmp_path: Path, clock: ManualClock) -> None:
    with (
        LiveServer(tmp_path / "p", clock=clock, settings=Settings(enrolments_per_minute=3)) as live,
        closing(SealingTerminal(live.url)) as guesser,
    ):
        answers = [guesser.enrol(f"GUESS-{guess}").status_code for guess in range(4)]
        assert answers == [403, 403, 403, 429]
        clock.turn(20)
        assert guesser.enrol("GUESS-5").status_code == 403


@pytest.mark.parametrize("path", ["/v1/terminal", "/v1/files?case=12345678", "/v1/progress/1?check=1234"])
def test_strangers_are_refused(
    shared_server: LiveServer, shared_operator: SealingTerminal, path: str
) -> None:
    with closing(SealingTerminal(shared_server.url)) as stranger:
        assert stranger.ask("GET", path).status_code == 401
        stranger.authorize("not-a-token")
        assert stranger.ask("GET", path).json()["code"] == "B401"
    assert shared_operator.ask("GET", path).status_code == 401


def test_a_terminal_is_no_operator(terminal: SealingTerminal) -> None:
    for method, path in (("POST", "codes"), ("GET", "cases"), ("GET", "terminals")):
        assert terminal.ask(method, f"/v1/operator/{path}").status_code == 401


def test_a_revoked_terminal_is_refused(
    new_terminal: Callable[[], SealingTerminal], operator: SealingTerminal, clock: ManualClock
) -> None:
    stolen, other = new_terminal(), new_terminal()
    clock.turn(60)
    revoke = f"/v1/operator/terminals/{stolen.terminal_id}/revoke"
    first = operator.ask("POST", revoke).json()
    clock.turn(60)
    assert operator.ask("POST", revoke).json() == first
    assert stolen.ask("GET", "/v1/terminal").status_code == 401
    assert other.ask("GET", "/v1/terminal").status_code == 200
    listed = {
        row["terminal_id"]: row["revoked_at"] for row in operator.ask("GET", "/v1/operator/terminals").json()
    }
    assert listed == {stolen.terminal_id: "2026-11-21T01:42:00Z", other.terminal_id: None}
    assert operator.ask("POST", "/v1/operator/terminals/T0/revoke").status_code == 404


def test_tokens_and_codes_are_kept_hashed(server: LiveServer, operator: SealingTerminal) -> None:
    code = operator.ask("POST", "/v1/operator/codes").json()["code"]
    with closing(SealingTerminal(server.url)) as caller:
        token = caller.enrol(code).json()["token"]
    for file in server.data.glob("platform.sqlite3*"):
        content = file.read_bytes()
        assert token.encode() not in content
        assert code.encode() not in content
        assert code.replace("-", "").encode() not in content
