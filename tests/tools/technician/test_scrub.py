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
    READ_BASE,
    READ_BASE_FINGERS,
    Answer,
    Request,
    Sw3,
    format_answer,
    format_base,
    format_request,
    parse_answer,
)
from devices.wire.tape import Passed
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
