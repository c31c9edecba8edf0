"""The product's client and queue at the real platform: drafts, earlier values, what is kept, a stick."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from offline_cache.errors import Garbled, Refused, ServerTrouble
from offline_cache.export import export
from offline_cache.items import CaseState
from tests.backend.sealing_terminal import NUMBER, sha256
from tests.offline_cache.citizen import Hall, case_of, new_id, planned

OTHER = "429006199003070019"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.close()


def _keep_draft(hall: Hall, draft_id: str, pages: list[bytes], number: str = NUMBER) -> str:
    names = [f"p{at:02d}" for at in range(1, len(pages) + 1)]
    content = {
        "number": number,
        "note": {"version": "2026-01", "answers": {"dwelling": "rented"}},
        "pages": [{"part": name, "slot": "lease"} for name in names],
    }
    body = {"matter": "N02", "draft_id": draft_id}
    return hall.tell("draft", body, content, **dict(zip(names, pages, strict=True)))


def test_a_draft_is_kept_replaced_opened_and_dropped(hall: Hall) -> None:
    people, draft_id = hall.platform.people, new_id()
    old = _keep_draft(hall, draft_id, [b"page one"])
    new = _keep_draft(hall, draft_id, [b"page one", b"page two"])
    (there,) = people.drafts(NUMBER)
    assert (there.draft_id, there.matter, there.version, there.pages) == (draft_id, "N02", "2026-01", 2)
    assert there.expires_at - there.saved_at == timedelta(days=30)
    draft = people.draft(NUMBER, draft_id)
    assert draft.note["answers"] == {"dwelling": "rented"}
    assert [(each.part, each.sha256, each.length) for each in draft.parts] == [
        ("p01", sha256(b"page one"), 8),
        ("p02", sha256(b"page two"), 8),
    ]
    assert people.draft_part(NUMBER, draft_id, "p02") == b"page two"
    for asked in ("p00", "p03"):
        with pytest.raises(Garbled):
            people.draft_part(NUMBER, draft_id, asked)
    assert people.drafts(OTHER) == ()
    with pytest.raises(Garbled):
        people.draft(OTHER, draft_id)
    people.drop_draft(OTHER, draft_id)
    taken = hall.outbox.message(_keep_draft(hall, draft_id, [b"stolen"], OTHER))
    assert taken.state is CaseState.STUCK and len(people.drafts(NUMBER)) == 1
    # not even the operator opens it, and nothing of what was replaced is left
    for message in (old, new):
        assert hall.operator("GET", f"messages/{message}/parts/p00").status_code == 404
    assert len(list((hall.server.data / "files").iterdir())) == 3 + 2
    people.drop_draft(NUMBER, draft_id)
    people.drop_draft(NUMBER, draft_id)
    assert people.drafts(NUMBER) == () and len(list((hall.server.data / "files").iterdir())) == 2


def test_a_draft_goes_with_its_case_and_after_its_time(hall: Hall) -> None:
    draft_id, other = new_id(), new_id()
    for each in (draft_id, other):
        _keep_draft(hall, each, [b"page"])
    hall.hand_in(case_of(OTHER, lambda told: told.update(draft_id=other)))
    assert len(hall.platform.people.drafts(NUMBER)) == 2
    hall.hand_in(case_of(change=lambda told: told.update(draft_id=draft_id)))
    assert [each.draft_id for each in hall.platform.people.drafts(NUMBER)] == [other]
    hall.time.turn(30 * 86_400)
    assert hall.platform.people.drafts(NUMBER) == ()
    hall.server.stop()
    hall.server.start()
    assert '"why": "expired"' in hall.journal.getvalue()


def test_earlier_values_are_the_newest_and_need_a_fresh_consent(hall: Hall) -> None:
    hall.hand_in(case_of(change=lambda told: told["form"].update(phone="1", job="木工", blank="")))
    hall.time.turn(3600)
    case = case_of(change=lambda told: told["form"].update(phone="2"))
    hall.hand_in(case)
    asked = hall.ask_correction(case.case_id, department="市公安局", materials=[])
    hall.tell(
        "correction",
        {"correction_id": asked["correction_id"]},
        {"number": NUMBER, "form": {"phone": "3"}},
        about=case.case_id,
    )
    earlier = hall.platform.people.earlier(NUMBER, "N03", hall.now())
    values = {each.field: each.value for each in earlier.values}
    assert (values["phone"], values["job"], "blank" in values) == ("3", "木工", False)
    assert earlier.values[0].matter == "居住证办理一件事"
    assert {each.kind for each in earlier.licences} == {"电子居民户口簿", "结婚证电子证照"}
    assert all(each.sample for each in earlier.licences)
    for minutes in (16, -6):
        with pytest.raises(Refused):
            hall.platform.people.earlier(NUMBER, "N03", hall.now() - timedelta(minutes=minutes))
    assert hall.platform.people.earlier(OTHER, "N03", hall.now()).values == ()
    hall.time.turn(800 * 86_400)
    assert hall.platform.people.earlier(NUMBER, "N03", hall.now()).values == ()
    assert '"event": "earlier_asked"' in hall.journal.getvalue() and NUMBER not in hall.journal.getvalue()


def test_nobody_can_try_out_numbers(hall: Hall) -> None:
    with pytest.raises(ServerTrouble) as raised:
        for at in range(40):
            hall.platform.people.cases(f"4290061990030700{at:02d}")
    assert raised.value.facts["status"] == 429


def test_whoever_acts_for_her_sees_the_case_too(hall: Hall) -> None:
    agent = {"kind": "guardian", "name": "王小明", "number": OTHER, "entered": "card"}
    hall.hand_in(case_of(change=lambda told: told.update(agent=agent)))
    assert len(hall.platform.people.cases(OTHER)) == len(hall.platform.people.cases(NUMBER)) == 1
    assert hall.platform.people.earlier(OTHER, "N02", hall.now()).values == ()


def test_nothing_personal_lies_in_clear_at_the_platform(hall: Hall) -> None:
    case = case_of(change=planned)
    hall.hand_in(case)
    _keep_draft(hall, new_id(), [b"page"])
    hall.platform.people.earlier(NUMBER, "N02", hall.now())
    kept = b"".join(file.read_bytes() for file in (hall.server.data).glob("platform.sqlite3*"))
    for said in (NUMBER, "欧阳晓禾", "13800000000", "湖北省天门市示例路"):
        assert said.encode() not in kept and said not in hall.journal.getvalue()


def test_a_stick_brings_them_as_the_network_would(hall: Hall, tmp_path: Path) -> None:
    first = case_of(change=planned)
    hall.hand_in(first)
    asked = hall.ask_correction(first.case_id, materials=[])
    hall.network = False
    second = case_of()
    hall.hand_in(second)
    content = {"number": NUMBER, "form": {"phone": "13911111111"}}
    hall.tell("correction", {"correction_id": asked["correction_id"]}, content, about=first.case_id)
    hall.tell("withdrawal", {}, {"number": NUMBER, "reason": ""}, about=second.case_id)
    _keep_draft(hall, draft_id := new_id(), [b"page"])
    hall.tell("withdrawal", {}, {"number": OTHER, "reason": ""}, about=first.case_id)
    export(hall.outbox, tmp_path / "stick", hall.terminal_id, hall.clock)
    (done,) = hall.operator("POST", "imports", json={"folder": str(tmp_path / "stick")}).json()
    assert (done["new"], done["messages"], len(done["refused"])) == (1, 3, 1)
    assert "B472" in next(iter(done["refused"].values()))
    states = {each.case_id: each.state for each in hall.platform.people.cases(NUMBER)}
    assert states == {first.case_id: "accepted", second.case_id: "withdrawn"}
    hall.network = True
    hall.deliver()  # the link comes back: nothing becomes double
    assert hall.outbox.status().messages_waiting == 0 and hall.outbox.status().stuck == 1
    assert [each.draft_id for each in hall.platform.people.drafts(NUMBER)] == [draft_id]
    assert len(hall.platform.people.cases(NUMBER)) == 2
