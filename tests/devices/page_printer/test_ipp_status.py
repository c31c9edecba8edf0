"""State and reasons of a printer in the words of all devices (others.md §1)."""

import pytest
from pyipp.enums import IppTag

from devices.errors import Condition
from devices.page_printer.ipp_message import Attribute, Group
from devices.page_printer.ipp_status import Reason, parse_printer_status, parse_reason
from devices.status import State, Supply

IDLE, PROCESSING, STOPPED = 3, 4, 5


def said(state: int, *reasons: str, **more: object) -> Group:
    """A printer's answer; `marker_levels=(5,)` is its attribute marker-levels."""
    attributes = [
        Attribute("printer-state", IppTag.ENUM, (state,)),
        Attribute("printer-state-reasons", IppTag.KEYWORD, reasons or ("none",)),
    ]
    for name, values in more.items():
        assert isinstance(values, tuple)
        attributes.append(Attribute(name.replace("_", "-"), 0x21, values))
    return Group(IppTag.PRINTER, tuple(attributes))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("media-low-warning", Reason("media-low", "warning")),
        ("media-empty-error", Reason("media-empty", "error")),
        ("media-empty", Reason("media-empty", "error")),  # RFC 8011: without a suffix an error
        ("offline-report", Reason("offline", "report")),
        ("com.maker-odd-thing", Reason("com.maker-odd-thing", "error")),
        ("error", Reason("error", "error")),
    ],
)
def test_a_reason_and_its_severity(text: str, reason: Reason) -> None:
    assert parse_reason(text) == reason


@pytest.mark.parametrize(
    ("reason", "condition", "state"),
    [
        ("media-empty", Condition.PAPER_OUT, State.USER_ERROR),
        ("media-needed", Condition.PAPER_OUT, State.USER_ERROR),
        ("media-jam", Condition.PAPER_JAM, State.USER_ERROR),
        ("door-open", Condition.COVER_OPEN, State.USER_ERROR),
        ("cover-open", Condition.COVER_OPEN, State.USER_ERROR),
        ("toner-empty", Condition.TONER_OUT, State.USER_ERROR),
        ("marker-supply-empty", Condition.TONER_OUT, State.USER_ERROR),
        ("input-tray-missing", Condition.TRAY_MISSING, State.USER_ERROR),
        ("output-area-full", Condition.OUTPUT_FULL, State.USER_ERROR),
        ("offline", Condition.OFFLINE, State.OFFLINE),
        ("shutdown", Condition.OFFLINE, State.OFFLINE),
        ("cups-missing-filter", Condition.OUT_OF_SERVICE, State.HARDWARE_ERROR),
        ("spool-area-full", Condition.OUT_OF_SERVICE, State.HARDWARE_ERROR),
        ("paused", Condition.QUEUE_STOPPED, State.OFFLINE),
        ("connecting-to-device", Condition.QUEUE_STOPPED, State.OFFLINE),
        ("none", Condition.QUEUE_STOPPED, State.OFFLINE),
        ("com.maker.odd", Condition.QUEUE_STOPPED, State.OFFLINE),
    ],
)
@pytest.mark.parametrize("suffix", ["", "-error", "-report"])
def test_why_a_printer_has_stopped(reason: str, suffix: str, condition: Condition, state: State) -> None:
    status = parse_printer_status(said(STOPPED, reason + suffix))
    assert (status.condition, status.state) == (condition, state)


@pytest.mark.parametrize(
    "reason", ["media-empty-warning", "toner-low", "media-low", "connecting-to-device-report"]
)
@pytest.mark.parametrize("state", [IDLE, PROCESSING])
def test_a_printer_that_goes_on_only_warns(reason: str, state: int) -> None:
    assert parse_printer_status(said(state, reason)).ready


def test_an_error_stops_even_a_printer_that_calls_itself_idle() -> None:
    assert parse_printer_status(said(IDLE, "media-empty-error")).condition is Condition.PAPER_OUT


def test_a_job_that_waits_for_paper_is_no_mere_warning() -> None:
    status = parse_printer_status(said(PROCESSING, "media-empty-warning", "media-needed-warning"))
    assert (status.condition, status.supplies["paper"]) == (Condition.PAPER_OUT, Supply.OUT)


def test_the_gravest_of_several_reasons() -> None:
    status = parse_printer_status(said(STOPPED, "paused", "media-empty-error", "cover-open-error"))
    assert status.condition is Condition.COVER_OPEN
    assert status.supplies["paper"] is Supply.OUT
    assert status.readings["reasons"] == "paused,media-empty,cover-open"


def test_unknown_reasons_go_through_as_text() -> None:
    status = parse_printer_status(said(IDLE, "com.maker.drum-tired-warning"))
    assert status.ready
    assert status.readings["reasons"] == "com.maker.drum-tired"


def test_a_queue_that_takes_no_jobs() -> None:
    status = parse_printer_status(said(IDLE, printer_is_accepting_jobs=(False,)))
    assert (status.condition, status.readings["accepting_jobs"]) == (Condition.QUEUE_STOPPED, False)


@pytest.mark.parametrize(
    ("reasons", "paper"),
    [
        (("none",), Supply.FULL),
        (("media-low-warning",), Supply.LOW),
        (("media-empty-warning",), Supply.LOW),  # one tray of two, while it goes on
        (("media-jam",), Supply.JAMMED),
        (("offline-report",), Supply.UNKNOWN),
    ],
)
def test_paper(reasons: tuple[str, ...], paper: Supply) -> None:
    assert parse_printer_status(said(IDLE, *reasons)).supplies["paper"] is paper


@pytest.mark.parametrize(
    ("markers", "toner", "percent"),
    [
        ({}, Supply.UNKNOWN, None),
        ({"marker_levels": (-2,)}, Supply.UNKNOWN, None),
        ({"marker_levels": (80,)}, Supply.FULL, 80),
        ({"marker_levels": (80, 9)}, Supply.LOW, 9),
        ({"marker_levels": (15,), "marker_low_levels": (20,)}, Supply.LOW, 15),
        ({"marker_levels": (0, 60)}, Supply.OUT, 0),
        ({"marker_levels": (60, 3), "marker_types": ("toner", "waste-toner")}, Supply.FULL, 60),
        ({"marker_levels": (60, 3), "marker_names": ("Black", "Waste Box")}, Supply.FULL, 60),
    ],
)
def test_toner_by_its_levels(markers: dict[str, object], toner: Supply, percent: int | None) -> None:
    status = parse_printer_status(said(IDLE, **markers))
    assert status.supplies["toner"] is toner
    assert status.readings["toner_percent"] == percent
    assert status.ready  # a level alone stops nothing
