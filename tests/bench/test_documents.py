"""The generated documents: true by their own check characters, the same every time, marked as samples."""

from datetime import date

import numpy as np
import pytest

from bench.documents import Part, documents
from bench.documents.ink import FACES, FACES_HELD_BACK, NUMBERS, NUMBERS_HELD_BACK
from kiosk.domain.identity import number_facts, number_problem
from kiosk.reading import FIELDS, LONG_TERM, Kind
from kiosk.reading.numbers import uscc_is_right


@pytest.mark.parametrize("part", Part)
def test_everything_on_a_document_agrees_with_itself(part: Part) -> None:
    for document in documents(part, 2):
        truth = document.truth
        assert set(truth) <= set(FIELDS[document.kind])
        if "number" in truth:
            assert number_problem(truth["number"]) is None
            facts = number_facts(truth["number"])
            assert facts.sex == truth["sex"]
            assert facts.birth == date.fromisoformat(truth["birth"])
        if "uscc" in truth:
            assert uscc_is_right(truth["uscc"])
        if "valid_to" in truth:
            assert truth["valid_to"] == LONG_TERM or truth["valid_from"] < truth["valid_to"]


def test_the_same_every_time_and_not_alike_in_the_two_parts() -> None:
    once, again = ([d.truth for d in documents(Part.TUNED, 3, (Kind.ID_FRONT,))] for _ in range(2))
    held = [d.truth for d in documents(Part.HELD_BACK, 3, (Kind.ID_FRONT,))]
    assert once == again
    assert not {truth["name"] for truth in once} & {truth["name"] for truth in held}


def test_faces_that_are_held_back_are_never_tuned_on() -> None:
    assert not {*FACES, *NUMBERS} & {*FACES_HELD_BACK, *NUMBERS_HELD_BACK}


def test_a_card_has_the_size_of_a_card_and_print_on_it() -> None:
    sheet = next(documents(Part.TUNED, 1, (Kind.ID_FRONT,))).sheet
    assert sheet.shape == (638, 1011, 3)
    assert np.asarray(sheet).min() < 80
