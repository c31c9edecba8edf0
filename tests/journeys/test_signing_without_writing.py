"""Who cannot write confirms by key: the case is handed in like any other, and says how and why."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.confirming import Confirmation


def test_the_case_says_that_it_was_confirmed_and_why(world: Any) -> None:
    world.to_review()
    assert isinstance(world.do(ev.Continue()), views.SignView)
    assert isinstance(world.do(ev.Sign((), "cannot_write")), views.HandingIn)
    case = world.stage.case
    told = case.manifest["signature"]
    assert (told["made"], told["reason"]) == ("confirmed", "cannot_write")
    part, picture = case.parts[-1]
    assert (told["part"], told["sha256"]) == (part, hashlib.sha256(picture).hexdigest())
    sheet = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert (sheet < 128).mean() > 0.01, "there is print on it"


def test_a_written_signature_says_nothing_of_that(world: Any) -> None:
    world.to_handing_in()
    assert set(world.stage.case.manifest["signature"]) == {"part", "sha256", "signs", "at"}


def test_without_a_typeface_the_picture_still_says_it() -> None:
    picture = Confirmation("cannot_write", ("甲",), (Path("/nowhere.otf"),)).picture(
        "9f" * 32, datetime(2026, 11, 21, tzinfo=UTC)
    )
    assert cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE).min() == 0
