"""The later evaluation from a phone, and the operator's page of cases: escaped, rate-limited, not to be forged."""

import json
import re
import uuid
from html import unescape
from pathlib import Path
from typing import Any

import pyrage
import pytest
import requests

from backend.clock import ManualClock
from backend.serve import LiveServer
from backend.settings import Settings
from tests.backend.sealing_terminal import NAME, NUMBER, SealedCase, SealingTerminal, draft_case, sha256

_EVIL = '<script>alert("x")</script>'


def _text(answer: requests.Response) -> str:
    return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", answer.text))


@pytest.fixture
def case(terminal: SealingTerminal) -> SealedCase:
    """A received case whose terminal told markup in place of names."""
    case = draft_case((1, 2))
    case.manifest["matter"]["name"] = _EVIL
    case.manifest["materials"][0]["name"] = _EVIL
    case.manifest["plan"] = [
        {"code": "a", "name": _EVIL, "department": _EVIL, "after": []},
        {"code": "b", "name": "登记", "department": "市房管局", "after": ["a"]},
    ]
    case.sign()
    case.seal(terminal.recipients)
    terminal.send_all(case)
    assert terminal.hand_in(case).status_code == 201
    return case


def _send(server: LiveServer, case_id: str, **said: Any) -> requests.Response:
    return requests.post(f"{server.url}/e/{case_id}", data=said, timeout=30)


def test_a_phone_rates_a_case_once(server: LiveServer, operator: SealingTerminal, case: SealedCase) -> None:
    page = requests.get(f"{server.url}/e/{case.case_id}", timeout=30)
    assert page.status_code == 200 and page.headers["Content-Security-Policy"].startswith(
        "default-src 'none'"
    )
    assert [word for word in ("非常满意", "不满意", "等得太久", "示例") if word not in page.text] == []
    assert "checked" not in re.sub(r"<style>.*?</style>", "", page.text)
    for private in (NAME, NUMBER, _EVIL, "429006-"):
        assert private not in page.text
    nothing = _send(server, case.case_id, reason="slow")
    assert nothing.status_code == 422 and "请先选" in nothing.text
    done = _send(server, case.case_id, level="2", reason=["slow", "quick", "<b>"])
    assert done.status_code == 200 and "谢谢" in done.text and "12345" in done.text
    (row,) = operator.ask("GET", "/v1/operator/cases").json()
    assert (row["evaluation"], row["evaluation_reasons"]) == (2, ["slow"])
    again = _send(server, case.case_id, level="5")
    assert again.status_code == 409 and "已经评价过" in again.text
    assert "已经评价过" in requests.get(f"{server.url}/e/{case.case_id}", timeout=30).text
    assert operator.ask("GET", "/v1/operator/cases").json()[0]["evaluation"] == 2


def test_an_unknown_case_is_a_kind_404(server: LiveServer, case: SealedCase) -> None:
    for asked in ("no-such-case-1", "%3Cscript%3E", "x" * 64):
        answer = requests.get(f"{server.url}/e/{asked}", timeout=30)
        assert answer.status_code == 404 and "没有找到" in answer.text and "<script>" not in answer.text
    assert _send(server, "no-such-case-1", level="5").status_code == 404
    assert requests.get(f"{server.url}/e/{'x' * 65}", timeout=30).status_code == 422
    odd = requests.post(f"{server.url}/e/{case.case_id}", data="level=\xff&&&".encode("latin-1"), timeout=30)
    assert odd.status_code == 422


def test_ratings_cannot_be_tried_out(tmp_path: Path, clock: ManualClock) -> None:
    with LiveServer(tmp_path / "p", clock=clock, settings=Settings(ratings_per_minute=2)) as live:
        answers = [requests.get(f"{live.url}/e/unknown-{at}", timeout=30) for at in range(3)]
        assert [answer.status_code for answer in answers] == [404, 404, 429]
        assert "等一分钟" in answers[2].text and int(answers[2].headers["Retry-After"]) > 0


class Browser:
    """An operator's browser: it sends the password with everything."""

    def __init__(self, server: LiveServer) -> None:
        self.url = server.url
        self.auth = ("anybody", server.operator_token)

    def page(self) -> requests.Response:
        return requests.get(f"{self.url}/cases", auth=self.auth, timeout=30)

    def token(self) -> str:
        found = re.search(r'name="token" value="([0-9a-f]{64})"', self.page().text)
        assert found is not None
        return found[1]

    def press(self, path: str, headers: dict[str, str] | None = None, **said: str) -> requests.Response:
        url = f"{self.url}/cases/{path}"
        return requests.post(url, data=said, headers=headers, auth=self.auth, timeout=30)


@pytest.fixture
def browser(server: LiveServer) -> Browser:
    return Browser(server)


def test_an_operator_plays_the_departments(
    browser: Browser, terminal: SealingTerminal, case: SealedCase
) -> None:
    assert requests.get(f"{browser.url}/cases", timeout=30).status_code == 401
    page = browser.page()
    assert page.status_code == 200 and _EVIL not in page.text and _EVIL in _text(page)
    assert NAME not in page.text and NUMBER not in page.text and "示例" in page.text
    said = {"token": browser.token(), "department": _EVIL}
    assert "已受理" in _text(browser.press(case.case_id, do="accepted", **said))
    asked = browser.press(case.case_id, do="correction", what="m:slot-p02", reason="第二页不清楚", **said)
    assert asked.status_code == 200 and asked.url.endswith("/cases") and "第二页不清楚" in _text(asked)
    (told,) = terminal.ask("POST", "/v1/people/cases", json={"number": NUMBER}).json()["cases"]
    assert told["correction"]["materials"] == [{"slot": "slot-p02", "name": "居住地住址证明"}]
    browser.press(case.case_id, do="finished", **said)
    browser.press(case.case_id, do="finished", token=said["token"], department="市房管局")
    (told,) = terminal.ask("POST", "/v1/people/cases", json={"number": NUMBER}).json()["cases"]
    assert told["state"] == "finished" and "<button>" not in browser.page().text


def test_what_is_not_possible_is_said(browser: Browser, case: SealedCase) -> None:
    said = {"token": browser.token(), "department": "市房管局"}
    for wrong in (
        {"do": "correction", "what": "m:slot-p99", "reason": "x"},
        {"do": "correction", "what": "", "reason": "x"},
        {"do": "correction", "what": "m:slot-p01", "reason": ""},
        {"do": "received"},
        {},
    ):
        answer = browser.press(case.case_id, **said, **wrong)
        assert answer.status_code == 200 and "没有办成" in answer.text, wrong
    assert "没有办成" in browser.press("no-such-case", do="accepted", **said).text


def test_a_page_from_elsewhere_cannot_press(
    browser: Browser, case: SealedCase, clock: ManualClock, operator: SealingTerminal
) -> None:
    said = {"do": "finished", "department": "市房管局"}
    token = browser.token()
    assert browser.press(case.case_id, **said).status_code == 403
    assert browser.press(case.case_id, token="0" * 64, **said).status_code == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert browser.press(case.case_id, elsewhere, token=token, **said).status_code == 403
    clock.turn(2 * 86_400)
    assert browser.press(case.case_id, token=token, **said).status_code == 403
    url = f"{browser.url}/cases/{case.case_id}"
    assert requests.post(url, data={**said, "token": browser.token()}, timeout=30).status_code == 401
    assert operator.ask("GET", "/v1/operator/cases").json()[0]["state"] == "received"


def test_whoever_wants_a_call_stands_there_until_she_was_called(
    browser: Browser, terminal: SealingTerminal, case: SealedCase
) -> None:
    content = {"schema": 1, "name": _EVIL, "phone": "13800000000", "callback": True, "text": "三次都没办成"}
    keys = [pyrage.x25519.Recipient.from_str(each) for each in terminal.recipients]
    sealed, message_id = pyrage.encrypt(json.dumps(content).encode(), keys), str(uuid.uuid4())
    terminal.send(message_id, "p00", sealed)
    told = {
        "schema": 1,
        "message_id": message_id,
        "kind": "hardship",
        "case_id": case.case_id,
        "at": "2026-11-21T01:41:00+00:00",
        "body": {"ticket": "B-1", "matter": "N02", "step": "capture", "reasons": ["slow"]},
        "parts": [{"part": "p00", "sha256": sha256(sealed), "bytes": len(sealed)}],
    }
    assert terminal.ask("PUT", f"/v1/messages/{message_id}", json=told).status_code == 201
    page = browser.page()
    assert "13800000000" in page.text and "三次都没办成" in page.text and _EVIL not in page.text
    path, token = f"tickets/{message_id}", browser.token()
    assert browser.press(path, do="closed").status_code == 403
    assert "没有办成" in browser.press(path, do="forgotten", token=token).text
    assert "13800000000" in browser.press(path, do="called", token=token).text
    assert "13800000000" not in browser.press(path, do="closed", token=token).text
