"""Heartbeats, and the page of all terminals: live, silent, broken, never seen, and sites without one."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from backend.clock import ManualClock
from backend.serve import LiveServer
from tests.backend.sealing_terminal import SealingTerminal

WELL: dict[str, Any] = {
    "schema": 1,
    "at": "2026-11-21T01:41:00+00:00",
    "version": "0.1.0",
    "queue": {"waiting": 0, "stuck": 0},
    "link": {"state": "up"},
    "clock": {"state": "right", "off_s": 0},
    "face_s": 3.0,
    "devices": [{"name": "receipt_printer", "ok": True, "supplies": {"paper": "full"}}],
}


def _named(server: LiveServer, operator: SealingTerminal, name: str) -> SealingTerminal:
    caller = SealingTerminal(server.url)
    code = operator.ask("POST", "/v1/operator/codes").json()["code"]
    caller.enrol(code, name)
    return caller


def _beat(caller: SealingTerminal, **other: Any) -> requests.Response:
    return caller.ask("PUT", "/v1/terminal/heartbeat", json=WELL | other)


def _board(operator: SealingTerminal) -> dict[str, dict[str, Any]]:
    return {each["site"]: each for each in operator.ask("GET", "/v1/operator/board").json()}


@pytest.fixture
def named(server: LiveServer, operator: SealingTerminal) -> Callable[[str], SealingTerminal]:
    return lambda name: _named(server, operator, name)


def test_twenty_six_sites_stand_there_before_any_terminal_does(operator: SealingTerminal) -> None:
    standing = _board(operator)
    assert len(standing) == 26
    assert {each["state"] for each in standing.values()} == {"none"}


def test_a_terminal_that_is_well_then_silent_then_back(
    named: Callable[[str], SealingTerminal], operator: SealingTerminal, clock: ManualClock
) -> None:
    caller = named("岳口镇")
    assert _board(operator)["岳口镇"]["state"] == "never"
    assert _beat(caller).json()["received_at"].startswith("2026-11-21T01:41:00")
    assert _board(operator)["岳口镇"]["state"] == "fine"
    clock.turn(301)
    assert _board(operator)["岳口镇"]["alarms"] == ["silent"]
    _beat(caller)
    assert _board(operator)["岳口镇"]["alarms"] == []
    assert len(_board(operator)) == 26
    caller.close()


@pytest.mark.parametrize(
    ("told", "alarm"),
    [
        ({"face_s": None}, "face"),
        ({"face_s": 181.0}, "face"),
        (
            {"devices": [{"name": "receipt_printer", "ok": False, "code": "condition.no_paper"}]},
            "device:receipt_printer condition.no_paper",
        ),
        (
            {"devices": [{"name": "receipt_printer", "ok": True, "supplies": {"paper": "out"}}]},
            "supply:receipt_printer paper out",
        ),
        ({"queue": {"waiting": 3, "stuck": 2}}, "stuck:2"),
        ({"queue": {"waiting": 3, "stuck": 0, "oldest_s": 5 * 3600.0}}, "oldest:5 h"),
        ({"clock": {"state": "impossible", "off_s": None}}, "clock:impossible"),
        ({"disk": {"room_mb": 90, "needed_mb": 200}}, "disk:90 MB"),
        ({"certificate_until": "2026-12-01T00:00:00+00:00"}, "certificate:2026-12-01"),
    ],
)
def test_whatever_is_not_well_is_an_alarm(
    named: Callable[[str], SealingTerminal], operator: SealingTerminal, told: dict[str, Any], alarm: str
) -> None:
    caller = named("皂市镇")
    assert _beat(caller, **told).status_code == 200
    standing = _board(operator)["皂市镇"]
    assert (standing["state"], standing["alarms"]) == ("alarm", [alarm])
    caller.close()


def test_what_only_starts_is_no_alarm(
    named: Callable[[str], SealingTerminal], operator: SealingTerminal
) -> None:
    caller = named("皂市镇")
    _beat(caller, devices=[{"name": "id_card", "ok": False, "code": ""}])
    assert _board(operator)["皂市镇"]["state"] == "fine"
    caller.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"devices": [{"name": "王小样", "ok": True}]},
        {"version": "<script>"},
        {"queue": {"waiting": -1, "stuck": 0}},
        {"schema": 2},
        {"clock": {"state": "fine"}},
    ],
)
def test_what_is_no_word_or_figure_is_refused(
    named: Callable[[str], SealingTerminal], wrong: dict[str, Any]
) -> None:
    caller = named("皂市镇")
    refused = _beat(caller, **wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "B422")
    assert "王小样" not in refused.text and "<script>" not in refused.text
    caller.close()


def test_the_page_shows_each_site_and_asks_for_the_operators_token(
    server: LiveServer, operator: SealingTerminal, named: Callable[[str], SealingTerminal], clock: ManualClock
) -> None:
    fine, poor = named("岳口镇"), named("<b>渔薪</b>")
    _beat(fine)
    _beat(poor, queue={"waiting": 7, "stuck": 0, "oldest_s": 9 * 3600.0})
    assert requests.get(f"{server.url}/terminals", timeout=30).status_code == 401
    assert requests.get(f"{server.url}/terminals", auth=("x", "y"), timeout=30).status_code == 401
    shown = requests.get(f"{server.url}/terminals", auth=("operator", server.operator_token), timeout=30)
    assert shown.status_code == 200
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    text = shown.text
    assert text.count("<tr class=") == 27
    assert (
        text.index("&lt;b&gt;渔薪") < text.index("多宝镇") < text.index("岳口镇")
    )  # alarms first, the well last
    assert "最早一件已等 9 h" in text and "<b>渔薪" not in text
    assert "共 27 处：1 处报警，0 处从未报到，25 处没有终端，1 处正常" in text
    clock.turn(timedelta(hours=1).total_seconds())
    again = requests.get(f"{server.url}/terminals", auth=("", server.operator_token), timeout=30)
    assert "超过 5 分钟没有报到" in again.text
    fine.close()
    poor.close()


def test_a_stranger_is_not_heard(server: LiveServer) -> None:
    stranger = SealingTerminal(server.url)
    assert _beat(stranger).status_code == 401
    assert base64.b64encode(b"x") not in stranger.ask("GET", "/v1/operator/board").content
    assert stranger.ask("GET", "/v1/operator/board").status_code == 401
    stranger.close()


def _end(seq: int, digit: str = "a") -> dict[str, Any]:
    return {"seq": seq, "hash": digit * 64, "key": "0123456789abcdef"}


def test_an_event_log_that_goes_back_is_an_alarm_until_it_has_caught_up(
    named: Callable[[str], SealingTerminal], operator: SealingTerminal
) -> None:
    caller = named("岳口镇")
    for end in (None, _end(5), _end(9), _end(9), None, _end(12)):
        _beat(caller, log=end)
        assert _board(operator)["岳口镇"]["alarms"] == []
    for end in (_end(9), _end(11, "b"), _end(12, "b")):  # set back, then written on otherwise
        _beat(caller, log=end)
        assert _board(operator)["岳口镇"]["alarms"] == ["log:12"]
    _beat(caller, log=_end(13, "b"))
    assert _board(operator)["岳口镇"]["alarms"] == []
    assert _beat(caller, log=_end(1) | {"hash": "王"}).status_code == 422
    caller.close()
