"""The camera service of 捷宇: texts over a WebSocket."""

import pytest

from devices.document_camera.joyusing_codec import Answer, Answers, format_answer
from devices.document_camera.joyusing_ws import JoyusingSettings
from devices.errors import TimedOut
from tests.devices.document_camera.service_desk import (
    at_last,
    camera_desk,
    check_broken_still,
    check_closed,
    check_frozen,
    check_no_camera,
    check_only_old_stills,
    check_preview,
    check_rest,
    check_silence,
    check_stills_are_new,
)

NAME = "joyusing_ws"


def test_preview() -> None:
    with camera_desk(NAME) as desk:
        assert desk.emulator.mode == 0  # edges were switched off
        check_preview(desk)


@pytest.mark.parametrize("in_parts", [False, True])
def test_stills_are_new(in_parts: bool) -> None:
    with camera_desk(NAME) as desk:
        desk.emulator.in_parts = in_parts
        check_stills_are_new(desk)


def test_only_old_stills() -> None:
    with camera_desk(NAME, deadline_s=2.0) as desk:
        check_only_old_stills(desk)


def test_frozen() -> None:
    with camera_desk(NAME, answer_timeout_s=2.0, deadline_s=2.0) as desk:
        check_frozen(desk)


def test_silence() -> None:
    with camera_desk(NAME, answer_timeout_s=1.0, deadline_s=1.0) as desk:
        check_silence(desk)


def test_broken_still() -> None:
    with camera_desk(NAME) as desk:
        check_broken_still(desk)


def test_rest_and_close() -> None:
    with camera_desk(NAME) as desk:
        check_rest(desk)
        check_closed(desk)


def test_no_camera() -> None:
    with camera_desk(NAME) as desk:
        check_no_camera(desk)


def test_a_still_that_never_comes_costs_the_connection_and_no_more() -> None:
    """Answers carry no number: what came late over the old connection can never be taken for the next one."""
    with camera_desk(NAME, deadline_s=2.0) as desk:
        desk.emulator.unanswered_stills = 1
        with pytest.raises(TimedOut):
            desk.camera.still()
        assert at_last(desk.camera.status).ready
        assert desk.shows_the_truth(at_last(desk.camera.still))


def test_the_sub_head_looks_elsewhere() -> None:
    with camera_desk(NAME, head="sub", compare_still=False) as desk:
        sub = desk.camera.still()
        desk.emulator.sheet = ""
        assert not desk.shows_the_truth(sub)


# document_camera.md §5.2
def test_an_answer_in_one_text() -> None:
    answers = Answers()
    assert answers.feed("BeginsGetBase64/9j/4AAQEndsGetBase64") == Answer("sGetBase64", "/9j/4AAQ")
    assert answers.feed("/9j/4AAQ") == "/9j/4AAQ"
    assert answers.feed("BeginbStartPlay2trueEndbStartPlay2") == Answer("bStartPlay2", "true")
    assert format_answer("bStopPlay", "true") == "BeginbStopPlaytrueEndbStopPlay"


def test_an_answer_in_several_texts() -> None:
    answers = Answers()
    for text in ("BeginsGetBase64", "/9j/", "4AAQ"):
        assert answers.feed(text) is None
    assert answers.feed("EndsGetBase64\n") == Answer("sGetBase64", "/9j/4AAQ")
    assert answers.feed("/9j/4AAQ") == "/9j/4AAQ"


def test_an_answer_without_an_end_does_not_swallow_the_next() -> None:
    answers = Answers()
    assert answers.feed("BeginsGetBase64/9j/") is None
    assert answers.feed("BeginbStopPlaytrueEndbStopPlay") == Answer("bStopPlay", "true")
    assert answers.feed("/9j/4AAQ") == "/9j/4AAQ"


def test_answers_to_what_nobody_asked_are_no_pictures() -> None:
    answers = Answers()
    assert answers.feed("BeginvSetExposuretrueEndvSetExposure") is None
    assert answers.feed("EndsGetBase64") is None


@pytest.mark.parametrize(
    ("payload", "no"), [("false", True), (" 0 ", True), ("true", False), ("", False), ("1", False)]
)
def test_no(payload: str, no: bool) -> None:
    assert Answer("bStartPlay", payload).is_no is no


def test_addresses() -> None:
    for url in (
        "http://127.0.0.1:1818",
        "ws://10.0.0.1:1818",
        "ws://127.0.0.1:1818?x=1",
        "ws://127.0.0.1:99999",
    ):
        with pytest.raises(ValueError, match="url"):
            JoyusingSettings(url=url)
    assert JoyusingSettings(url="ws://localhost:1818")
