"""Whoever lay on the reader: on the tape lies an invented person, with a card of the same kind."""

import pytest

from devices.emulators.sample_cards import (
    FOREIGNER_2017,
    FOREIGNER_2023,
    HMT_RESIDENT,
    LI_FENG,
    WANG_XIAOMING,
)
from devices.id_card import IdCard
from devices.id_card.card_text import format_text
from devices.id_card.sdt_frames import (
    HEADER,
    READ_BASE,
    READ_BASE_FINGERS,
    SAM_ID,
    Answer,
    Request,
    Sw3,
    format_answer,
    format_base,
    format_request,
    parse_answer,
)
from devices.wire.tape import Entry, Passed
from tools.technician.scrub import scrub_sdt

REAL_PHOTO = b"\x5a" * 1024
SAMPLES = [WANG_XIAOMING, HMT_RESIDENT, FOREIGNER_2017, FOREIGNER_2023]


def body_on_tape(request: Request, body: bytes) -> bytes:
    """What the tape says instead of `body`; every read keeps its length."""
    said = format_answer(Answer(Sw3.OK, body))
    before = [
        Passed(0, "device", format_request(request)),
        Passed(1, "host", said[:7]),
        Passed(1, "host", said[7:]),
    ]
    after = [entry for entry in scrub_sdt(list(before)) if isinstance(entry, Passed)]
    assert [len(entry.data) for entry in after] == [len(entry.data) for entry in before]
    return parse_answer(b"".join(entry.data for entry in after[1:])).body


def of_somebody_else(card: IdCard) -> bytes:
    """The text of a card of the same kind with other letters in the name's field."""
    return "某".encode("utf-16-le") * 15 + format_text(card)[30:]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda card: card.kind)
def test_the_kind_stays_and_the_person_goes(sample: IdCard) -> None:
    told = format_base(of_somebody_else(sample), REAL_PHOTO)
    assert body_on_tape(READ_BASE, told) == format_base(format_text(sample), bytes(1024))


@pytest.mark.parametrize("length", [512, 1024])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda card: card.kind)
def test_fingerprints_go_and_their_length_stays(sample: IdCard, length: int) -> None:
    told = format_base(of_somebody_else(sample), REAL_PHOTO, b"\x77" * length)
    wanted = format_base(format_text(sample), bytes(1024), bytes(length))
    assert body_on_tape(READ_BASE_FINGERS, told) == wanted


def test_another_resident_becomes_the_sample() -> None:
    on_tape = body_on_tape(READ_BASE, format_base(format_text(LI_FENG), REAL_PHOTO))
    assert LI_FENG.name.encode("utf-16-le") not in on_tape
    assert WANG_XIAOMING.name.encode("utf-16-le") in on_tape


REAL = format_answer(Answer(Sw3.OK, format_base(format_text(LI_FENG), REAL_PHOTO)))
SAM = format_answer(Answer(Sw3.OK, bytes(range(16))))


@pytest.mark.parametrize(
    ("asked", "first"),
    [(READ_BASE, b""), (READ_BASE, REAL[:100]), (SAM_ID, b"")],
    ids=["late", "cut", "early"],
)
def test_an_answer_that_comes_after_its_deadline_is_nobodys_either(asked: Request, first: bytes) -> None:
    """The driver gave up, and asked for the module's id; then the card's answer came, and the id."""
    before: list[Entry] = [
        Passed(0, "device", format_request(asked)),
        Passed(5, "host", first),
        Passed(5, "device", format_request(SAM_ID)),
        Passed(6, "host", REAL[len(first) :]),
        Passed(6, "host", SAM),
    ]
    after = [entry for entry in scrub_sdt(before) if isinstance(entry, Passed)]
    heard = b"".join(entry.data for entry in after if entry.to == "host")
    assert heard.endswith(SAM)
    assert len(heard) == len(REAL + SAM)
    assert not any(heard[HEADER : len(REAL)])


def test_what_comes_unasked_and_what_nobody_knows_is_no_person() -> None:
    unknown = bytearray(format_text(LI_FENG))
    unknown[248:250] = b"Q\x00"
    odd = format_answer(Answer(Sw3.OK, format_base(bytes(unknown), REAL_PHOTO)))
    for before in (
        [Passed(0, "device", format_request(READ_BASE)), Passed(1, "host", odd)],
        [Passed(0, "host", REAL)],
    ):
        after = scrub_sdt([*before])[-1]
        assert isinstance(after, Passed)
        assert not any(after.data[HEADER:])
