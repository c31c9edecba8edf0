"""What the logbook writes, and what it never does."""

import io
import json
from datetime import UTC, datetime

import pytest

from ground.clock import ManualClock
from ground.logbook import Event, StreamLogbook, redacted


@pytest.mark.parametrize(
    "personal",
    ["王小明", "429006199003070019", "11010519491231002X", "19900000001", "天门市岳口镇", "㐂", "𠮷永年"],
)
def test_names_numbers_and_places_are_cut_out(personal: str) -> None:
    said = redacted(f"cannot read {personal}, really")
    assert isinstance(said, str)
    assert personal not in said
    assert said.startswith("cannot read [") and said.endswith("], really")


@pytest.mark.parametrize(
    "harmless",
    [
        "D101",
        "12345678-1234-4321-8765-123456789012",
        "/dev/serial/by-id/x",
        "T-000123-4",
        12345678901,
        None,
        True,
        1.5,
    ],
)
def test_codes_ids_and_figures_stay(harmless: str | int | float | None) -> None:
    assert redacted(harmless) == harmless


def test_a_line_is_one_json_object_with_its_time() -> None:
    stream, clock = io.StringIO(), ManualClock(datetime(2026, 11, 21, 1, 41, tzinfo=UTC))
    StreamLogbook(stream, clock).write(Event.CARD_READ, kind="resident", doubts="")
    assert json.loads(stream.getvalue()) == {
        "at": "2026-11-21T01:41:00.000+00:00",
        "event": "card_read",
        "kind": "resident",
        "doubts": "",
    }


def test_a_closed_stream_ends_no_visit() -> None:
    stream = io.StringIO()
    logbook = StreamLogbook(stream, ManualClock())
    logbook.close()
    logbook.write(Event.VISIT_STARTED)


def test_a_long_fact_is_cut() -> None:
    assert len(str(redacted("x" * 5000))) == 200
