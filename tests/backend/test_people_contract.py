"""Whatever is sent to the calls about people and to the operator's new ones: an answer of the contract, never a 500."""

import io
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clock import ManualClock
from backend.serve import LiveServer
from backend.settings import Settings
from tests.backend.sealing_terminal import LAST_FOUR, NUMBER, SealedCase, SealingTerminal, draft_case, sha256

_GENEROUS = Settings(people_per_minute=10**6, draft_pages_per_minute=10**6, progress_per_minute=10**6)
_LEAF = st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=8) | st.just("\ud800")
_ANY = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
_NUMBERS = st.sampled_from([NUMBER, "x", "", "\ud800", None, 1])


class Bench:
    """A platform with one case that waits for a correction, its terminal and its operator."""

    def __init__(self, live: LiveServer, journal: io.StringIO) -> None:
        self.journal = journal
        self.operator = SealingTerminal(live.url, live.operator_token)
        self.terminal = SealingTerminal(live.url)
        self.terminal.enrol(self.operator.ask("POST", "/v1/operator/codes").json()["code"])
        self.case = self._case()
        wanted = {"department": "市公安局", "reason": "x", "fields": ["phone"], "materials": []}
        asked = self.operator.ask("POST", f"/v1/operator/cases/{self.case.case_id}/corrections", json=wanted)
        self.correction_id = asked.json()["correction_id"]
        self.number = self.standings()[0]["acceptance_number"]

    def _case(self) -> SealedCase:
        case = draft_case((1,)).seal(self.terminal.recipients)
        self.terminal.send_all(case)
        assert self.terminal.hand_in(case).status_code == 201
        return case

    def standings(self) -> list[dict[str, Any]]:
        told = self.terminal.ask("POST", "/v1/people/cases", json={"number": NUMBER}).json()
        return list(told["cases"])

    def post(self, caller: SealingTerminal, path: str, said: Any, method: str = "POST") -> int:
        body = json.dumps(said).encode("ascii")
        answer = caller.ask(method, path, data=body, headers={"Content-Type": "application/json"})
        if answer.content and answer.headers["Content-Type"] == "application/json":
            json.loads(answer.content.decode("utf-8"))
        assert "request_failed" not in self.journal.getvalue(), self.journal.getvalue()[-300:]
        return int(answer.status_code)

    def tell(self, kind: str, body: Any, content: bytes, about: str | None = None) -> int:
        keys = [pyrage.x25519.Recipient.from_str(each) for each in self.terminal.recipients]
        message_id, sealed = str(uuid.uuid4()), pyrage.encrypt(content, keys)
        self.terminal.send(message_id, "p00", sealed)
        part = {"part": "p00", "sha256": sha256(sealed), "bytes": len(sealed)}
        told = {
            "schema": 1,
            "message_id": message_id,
            "kind": kind,
            "case_id": about,
            "at": "2026-11-21T01:41:00Z",
            "body": body,
            "parts": [part],
        }
        return self.post(self.terminal, f"/v1/messages/{message_id}", told, "PUT")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    journal, folder = io.StringIO(), tmp_path_factory.mktemp("people")
    with LiveServer(folder, clock=ManualClock(), journal=journal, settings=_GENEROUS) as live:
        made = Bench(live, journal)
        yield made
        made.operator.close()
        made.terminal.close()


@settings(max_examples=20)
@given(
    st.sampled_from(["cases", "earlier", "drafts", "drafts/unknown-draft", "drafts/unknown-draft/parts/p01"]),
    st.fixed_dictionaries({}, optional={"number": _NUMBERS, "matter": _ANY, "consented_at": _ANY}) | _ANY,
)
def test_calls_about_people(bench: Bench, path: str, said: Any) -> None:
    assert bench.post(bench.terminal, f"/v1/people/{path}", said) in (200, 404, 422)
    assert bench.post(bench.operator, f"/v1/people/{path}", said) in (401, 422)


@settings(max_examples=20)
@given(
    st.fixed_dictionaries(
        {"department": st.just("市公安局") | _ANY, "reason": st.just("看不清") | _ANY},
        optional={"fields": _ANY, "materials": _ANY, "state": _ANY},
    )
    | _ANY
)
def test_calls_of_the_operator(bench: Bench, said: Any) -> None:
    path = f"/v1/operator/cases/{bench.case.case_id}/corrections"
    assert bench.post(bench.operator, path, said) in (201, 422)
    assert bench.post(bench.operator, f"/v1/operator/tickets/{uuid.uuid4()}", said) in (404, 422)
    assert bench.post(bench.terminal, path, said) in (401, 422)


@settings(max_examples=25)
@given(
    st.sampled_from(["correction", "withdrawal", "hardship", "callback", "draft"]),
    st.fixed_dictionaries(
        {},
        optional={
            "correction_id": st.just("CORRECTION") | _ANY,
            "ticket": st.just("B-1") | _ANY,
            "matter": st.just("N02") | _ANY,
            "draft_id": st.just("draft-0001") | _ANY,
            "version": _ANY,
            "reasons": _ANY,
        },
    ),
    st.fixed_dictionaries(
        {"schema": st.sampled_from([1, 2])},
        optional={
            "number": _NUMBERS,
            "form": st.just({"phone": "\ud800"}) | st.just({"phone": "1"}) | _ANY,
            "note": _ANY,
            "pages": _ANY,
            "phone": st.just("1380") | _ANY,
            "when": st.just("now") | _ANY,
        },
    )
    | _ANY,
    st.booleans(),
)
def test_what_messages_hold(bench: Bench, kind: str, body: Any, content: Any, about: bool) -> None:
    body = {name: bench.correction_id if said == "CORRECTION" else said for name, said in body.items()}
    case_id = bench.case.case_id if about else None
    status = bench.tell(kind, body, json.dumps(content).encode("ascii"), case_id)
    assert status in (201, 422)


def test_all_that_was_taken_can_be_read(bench: Bench) -> None:
    for asked in ("messages", "tickets", "cases"):
        assert bench.post(bench.operator, f"/v1/operator/{asked}", None, "GET") == 200
    assert bench.post(bench.operator, f"/v1/operator/cases/{bench.case.case_id}", None, "GET") == 200
    drafts = bench.terminal.ask("POST", "/v1/people/drafts", json={"number": NUMBER}).json()["drafts"]
    for draft in drafts:
        assert bench.post(bench.terminal, f"/v1/people/drafts/{draft['draft_id']}", {"number": NUMBER}) == 200
    progress = bench.terminal.ask("GET", f"/v1/progress/{bench.number}?check={LAST_FOUR}")
    assert progress.status_code == 200 and bench.standings()


def test_content_that_is_no_json_is_refused(bench: Bench) -> None:
    for content in (b"", b"{", b"\xff", b'{"schema": 1, "schema": 1}', b'{"schema": NaN}', b"[" * 100_000):
        assert bench.tell("withdrawal", {}, content, bench.case.case_id) == 422
    assert bench.tell("withdrawal", {}, b"{}") == 422
    assert bench.tell("withdrawal", {}, b"{}", str(uuid.uuid4())) in (404, 422)


def test_a_replaced_draft_that_comes_again_stays_replaced(bench: Bench) -> None:
    keys = [pyrage.x25519.Recipient.from_str(each) for each in bench.terminal.recipients]
    told = []
    for step in ("one", "two"):
        said = {"schema": 1, "number": NUMBER, "note": {"step": step, "version": "\u0000"}}
        sealed, message_id = pyrage.encrypt(json.dumps(said).encode(), keys), str(uuid.uuid4())
        bench.terminal.send(message_id, "p00", sealed)
        told.append(
            {
                "schema": 1,
                "message_id": message_id,
                "kind": "draft",
                "case_id": None,
                "at": "2026-11-21T01:41:00Z",
                "body": {"matter": "N02", "draft_id": "replaced-draft"},
                "parts": [{"part": "p00", "sha256": sha256(sealed), "bytes": len(sealed)}],
            }
        )
    answers = [
        bench.terminal.ask("PUT", f"/v1/messages/{each['message_id']}", json=each).status_code
        for each in (told[0], told[1], told[0], told[1])
    ]
    assert answers == [201, 201, 200, 200]
    draft = bench.terminal.ask("POST", "/v1/people/drafts/replaced-draft", json={"number": NUMBER}).json()
    assert draft["note"]["step"] == "two"
