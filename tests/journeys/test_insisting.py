"""She may insist on any page; what was found wrong goes with it. A page is known again only while she keeps it."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from kiosk.capture.judge import Verdict, fingerprint
from kiosk.journey import events as ev
from tests.journeys.walked_world import page


def marked_page(seed: int) -> Any:
    """A page with print of its own."""
    print_ = np.full((700, 500, 3), 250, np.uint8)
    for x, y in np.random.default_rng(seed).integers(60, 440, (160, 2)):
        cv2.rectangle(print_, (int(x), int(y)), (int(x) + 12, int(y) + 8), (20, 20, 20), -1)
    return replace(page(), fingerprint=fingerprint(print_))


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_may_be_overruled_and_travels_along(world: Any, verdict: Verdict) -> None:
    world.to_capture()
    world.do(ev.TakePicture())
    view = world.answer(ev.PageTaken(world.stage.ticket, page(verdict)))
    assert view.verdicts == (verdict.value,)
    world.do(ev.Continue())
    (kept,) = world.visit.record.kept(world.visit.record.slot)
    assert kept.verdicts == (verdict,) and not kept.accepted


def test_the_stage_is_told_what_is_kept_and_nothing_else(world: Any) -> None:
    world.to_capture()
    kept, retaken = marked_page(1), marked_page(2)
    world.do(ev.TakePicture())
    assert not world.stage.seen.knows(kept.fingerprint)
    world.answer(ev.PageTaken(world.stage.ticket, kept))
    world.do(ev.Continue(), ev.TakePicture())
    assert world.stage.seen.knows(kept.fingerprint)
    world.answer(ev.PageTaken(world.stage.ticket, retaken))
    world.do(ev.Retake(), ev.TakePicture())
    assert world.stage.seen.knows(kept.fingerprint)
    assert not world.stage.seen.knows(retaken.fingerprint)


def test_a_deleted_page_may_be_taken_again(world: Any) -> None:
    world.to_capture()
    gone = marked_page(1)
    world.do(ev.TakePicture())
    world.answer(ev.PageTaken(world.stage.ticket, gone))
    world.do(ev.Continue(), ev.DeletePage(world.visit.record.slot, 0), ev.TakePicture())
    assert not world.stage.seen.knows(gone.fingerprint)
