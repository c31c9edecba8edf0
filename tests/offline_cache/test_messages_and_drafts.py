"""Corrections, reports and device events travel like cases; pages of a visit outlive a power cut, sealed."""

import uuid

import pyrage
import pytest

from offline_cache.drafts import OwnKey
from offline_cache.errors import BadRecipient, UnknownCase
from offline_cache.items import CaseJob, CaseState, ClockState, LinkState, MessageJob, PartToSeal
from offline_cache.merging import MOST
from offline_cache.outbox import Outbox
from tests.offline_cache.bench_terminal import NAME, BenchTerminal, a_case


def test_a_message_waits_for_the_case_that_it_is_about(terminal: BenchTerminal) -> None:
    case = terminal.hand_in()
    correction = terminal.outbox.add_message("correction", {"slots": ["lease"]}, about=case.case_id)
    report = terminal.outbox.add_message("hardship", {"kind": "stairs"})
    first, second = terminal.outbox.claim(60), terminal.outbox.claim(60)
    assert isinstance(first, CaseJob) and isinstance(second, MessageJob)
    assert (second.message_id, second.kind, second.body) == (report, "hardship", {"kind": "stairs"})
    assert terminal.outbox.claim(60) is None
    terminal.outbox.delivered(case.case_id, "N-1")
    third = terminal.outbox.claim(60)
    assert isinstance(third, MessageJob) and third.message_id == correction
    assert third.envelope()["case_id"] == case.case_id
    assert uuid.UUID(correction).version == 4


def test_what_is_personal_in_a_message_is_sealed_and_goes_with_it(terminal: BenchTerminal) -> None:
    case = terminal.hand_in()
    terminal.outbox.delivered(case.case_id, "N-1")
    parts = [PartToSeal(name_in_manifest=f"p{at:02d}", content=NAME.encode()) for at in range(2)]
    terminal.outbox.add_message("correction", {}, about=case.case_id, sealed=parts)
    job = terminal.outbox.claim(60)
    assert isinstance(job, MessageJob)
    assert [part["part"] for part in job.envelope()["parts"]] == ["p00", "p01"]
    with terminal.outbox.open_part(job.parts[0]) as file:
        assert file.read().startswith(b"age-encryption.org/v1")
    terminal.outbox.note_location(job, "p01", "/v1/files/1")
    assert terminal.outbox.message_delivered(job) == 2
    assert terminal.outbox.message_delivered(job) == 0
    assert terminal.outbox.message(job.message_id).state is CaseState.DELIVERED
    assert list(terminal.spool.folder.glob("*.*e*")) == []


def test_a_message_about_an_unknown_case_is_refused(terminal: BenchTerminal) -> None:
    with pytest.raises(UnknownCase):
        terminal.outbox.add_message("correction", {}, about=a_case().case_id)
    with pytest.raises(UnknownCase):
        parts = [PartToSeal(name_in_manifest="p00", content=b"x")]
        terminal.outbox.add_message("correction", {}, about=a_case().case_id, sealed=parts)
    assert terminal.outbox.list_messages() == []
    assert list(terminal.spool.folder.glob("*.*e*")) == []


def test_a_stuck_message_is_retried_like_a_case(terminal: BenchTerminal) -> None:
    message = terminal.outbox.add_message("hardship", {})
    job = terminal.outbox.claim(60)
    assert job is not None
    terminal.outbox.stuck(job, "U105")
    assert terminal.outbox.claim(60) is None
    assert terminal.outbox.status().stuck == 1
    assert terminal.outbox.retry(message) == 1
    assert terminal.outbox.claim(60) is not None


def test_device_events_are_merged_and_what_citizens_said_never_is(
    terminal: BenchTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST, "device_event", 20)
    for at in range(100):
        terminal.outbox.add_message("device_event", {"device": "printer", "at": at})
        terminal.outbox.add_message("hardship", {"at": at})
    waiting = terminal.outbox.list_messages(open_only=True)
    events = [each for each in waiting if each.kind == "device_event"]
    assert 20 <= len(events) <= 20 + 48
    assert sum(each.kind == "hardship" for each in waiting) == 100
    jobs = [terminal.outbox.claim(60) for _ in waiting]
    bodies = [job.body for job in jobs if isinstance(job, MessageJob) and job.kind == "device_event"]
    assert sum(1 + body.get("merged", 0) for body in bodies) == 100


def test_the_next_item_comes_with_the_finish_of_the_last(terminal: BenchTerminal) -> None:
    first, second = terminal.hand_in(), terminal.hand_in()
    assert terminal.outbox.claim(60, "a") is not None
    terminal.outbox.delivered(first.case_id, "N-1")
    assert terminal.outbox.status().sending == 1
    assert terminal.outbox.claim(60, "b") is None
    job = terminal.outbox.claim(60, "a")
    assert job is not None and job.case_id == second.case_id


def test_what_came_along_too_long_ago_is_claimed_anew(terminal: BenchTerminal) -> None:
    first, second = terminal.hand_in(), terminal.hand_in()
    assert terminal.outbox.claim(60, "a") is not None
    terminal.outbox.delivered(first.case_id, "N-1")
    terminal.clock.turn(50)
    job = terminal.outbox.claim(60, "a")
    assert job is not None and job.case_id == second.case_id
    terminal.clock.turn(50)  # the lease is that of the claim, not of the commit before it
    assert terminal.outbox.claim(60, "b") is None


def test_what_one_process_finds_the_other_reads(terminal: BenchTerminal) -> None:
    assert terminal.outbox.status().clock.state is ClockState.UNKNOWN
    terminal.outbox.note_clock(ClockState.OFF, 86399.6)
    terminal.outbox.note_link(LinkState.LIMITED, None)
    status = terminal.outbox.status()
    assert (status.clock.state, status.clock.off_s) == (ClockState.OFF, 86400)
    assert status.link is LinkState.LIMITED
    since = status.clock.since
    terminal.clock.turn(60)
    terminal.outbox.note_clock(ClockState.OFF, 86400.1)
    assert terminal.outbox.status().clock.since == since
    terminal.outbox.note("pace", "slow")
    assert terminal.outbox.noted("pace") == "slow"
    assert terminal.outbox.noted("nothing") is None


def _with_own_key(terminal: BenchTerminal) -> Outbox:
    own = OwnKey(str(pyrage.x25519.Identity.generate()))
    path = terminal.folder / "outbox.sqlite"
    return Outbox(path, terminal.spool, terminal.clock, recipients=terminal.recipients, own_key=own)


def test_a_confirmed_page_is_durable_before_the_hand_in(terminal: BenchTerminal) -> None:
    visit = str(uuid.uuid4())
    outbox = _with_own_key(terminal)
    for place in (2, 1):
        outbox.keep_draft(visit, place, NAME.encode() * place)
    outbox.keep_draft(visit, 2, b"taken again")
    drafts = outbox.drafts()
    assert [(draft.visit, draft.place) for draft in drafts] == [(visit, 1), (visit, 2)]
    assert [outbox.open_draft(draft) for draft in drafts] == [NAME.encode(), b"taken again"]
    for file in (terminal.folder / "drafts").iterdir():
        assert NAME.encode() not in file.read_bytes()
    assert outbox.drop_drafts(visit) == 2
    assert outbox.drafts() == []
    outbox.close()


def test_without_a_key_of_its_own_the_terminal_cannot_open_a_draft(terminal: BenchTerminal) -> None:
    draft = terminal.outbox.keep_draft(str(uuid.uuid4()), 1, b"a page")
    assert terminal.outbox.open_draft(draft) is None


def test_drafts_go_by_rule_and_a_wrong_clock_deletes_none(terminal: BenchTerminal) -> None:
    old, new = str(uuid.uuid4()), str(uuid.uuid4())
    terminal.outbox.keep_draft(old, 1, b"old")
    terminal.clock.turn(3 * 86400.0)
    terminal.outbox.keep_draft(new, 1, b"new")
    terminal.clock.turn(1.0)
    assert terminal.outbox.expire_drafts(3) == 1
    assert [draft.visit for draft in terminal.outbox.drafts()] == [new]
    terminal.clock.set_wall(terminal.clock.now().replace(year=1970))
    assert terminal.outbox.expire_drafts(3) == 0
    assert len(terminal.outbox.drafts()) == 1


def test_an_own_key_that_is_no_key_is_said_so(terminal: BenchTerminal) -> None:
    file = terminal.folder / "own.key"
    assert OwnKey.read(file) is None
    file.write_text(str(pyrage.x25519.Identity.generate()) + "\n")
    assert OwnKey.read(file) is not None
    file.write_text("AGE-SECRET-KEY-1NONSENSE")
    with pytest.raises(BadRecipient) as caught:
        OwnKey.read(file)
    assert "NONSENSE" not in str(caught.value)
