"""What a printer's attributes say in the words that all devices share.

Source: shared protocol notes, others.md section 1; RFC 8011, 5.4.11 and 5.4.12 (state and reasons); PWG 5100.9 and
RFC 3805 for the levels of markers. The list of reasons is the notes' own and partly from memory [M]: what is not in
it goes through as text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyipp.enums import IppPrinterState

from devices.errors import Condition
from devices.page_printer.ipp_message import Group
from devices.status import Reading, State, Status, Supply, state_of

#: what `status` asks a printer for
STATUS_ATTRIBUTES: Final = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "queued-job-count",
    "marker-names",
    "marker-types",
    "marker-levels",
    "marker-low-levels",
)

#: reason → the condition that it stands for when it stops the printer; the gravest to find first
CONDITIONS: Final[Mapping[str, Condition | None]] = {
    "cover-open": Condition.COVER_OPEN,
    "door-open": Condition.COVER_OPEN,
    "interlock-open": Condition.COVER_OPEN,
    "media-jam": Condition.PAPER_JAM,
    "input-tray-missing": Condition.TRAY_MISSING,
    "media-empty": Condition.PAPER_OUT,
    "media-needed": Condition.PAPER_OUT,
    "output-area-full": Condition.OUTPUT_FULL,
    "toner-empty": Condition.TONER_OUT,
    "marker-supply-empty": Condition.TONER_OUT,
    "offline": Condition.OFFLINE,
    "shutdown": Condition.OFFLINE,
    "timed-out": Condition.OFFLINE,
    "cups-missing-filter": Condition.OUT_OF_SERVICE,
    "spool-area-full": Condition.OUT_OF_SERVICE,
    "paused": Condition.QUEUE_STOPPED,
    "moving-to-paused": Condition.QUEUE_STOPPED,
    # these tell of something and stop nothing
    "media-low": None,
    "toner-low": None,
    "marker-supply-low": None,
    "output-area-almost-full": None,
    "connecting-to-device": None,
    "none": None,
}

# CUPS tells of a printer that is off as "offline-report" [M]; "media-needed" says that the job waits for paper, while
# "media-empty" may be another tray's (RFC 8011, 5.4.12), and ippeveprinter calls both a warning while it waits
_WHATEVER_SEVERITY: Final = frozenset({"offline", "shutdown", "cups-missing-filter", "media-needed"})
_NO_PAPER: Final = frozenset({"media-empty", "media-needed"})
_NO_TONER: Final = frozenset({"toner-empty", "marker-supply-empty"})
_LITTLE_TONER: Final = frozenset({"toner-low", "marker-supply-low"})
_SUFFIXES: Final = ("report", "warning", "error")
_LOW_PERCENT: Final = 10  # where the printer names no level of its own; chosen
_PRINTERS_LIMIT: Final = 16  # reasons told at most; a printer has a handful


@dataclass(frozen=True, slots=True)
class Reason:
    """One value of `printer-state-reasons`."""

    keyword: str  #: without its severity
    severity: str  #: "report", "warning" or "error"; without a suffix it is an error (RFC 8011, 5.4.12)


def parse_reason(text: str) -> Reason:
    """`media-low-warning` → (media-low, warning); `media-empty` → (media-empty, error)."""
    keyword, dash, severity = text.rpartition("-")
    if dash and severity in _SUFFIXES:
        return Reason(keyword, severity)
    return Reason(text, "error")


def parse_reasons(texts: Iterable[str]) -> tuple[Reason, ...]:
    """All reasons but "none"."""
    reasons = (parse_reason(text.strip()) for text in texts if text.strip())
    return tuple(reason for reason in reasons if reason.keyword != "none")[:_PRINTERS_LIMIT]


def parse_printer_status(printer: Group) -> Status:
    """The status of the answer to Get-Printer-Attributes; a printer that names no state counts as broken."""
    state = printer.number("printer-state")
    reasons = parse_reasons(printer.words("printer-state-reasons"))
    accepting = printer.flag("printer-is-accepting-jobs")
    supplies = {
        "paper": _paper(state, reasons),
        "toner": _toner(printer, reasons),
    }
    readings: dict[str, Reading] = {
        "reasons": ",".join(reason.keyword for reason in reasons),
        "accepting_jobs": accepting,
        "queued_jobs": printer.number("queued-job-count"),
        "toner_percent": _toner_percent(printer),
        "busy": state == IppPrinterState.PROCESSING,
    }
    condition = _condition(state, reasons, accepting)
    if state not in list(IppPrinterState):
        return Status(State.HARDWARE_ERROR, condition, supplies, readings)
    return Status(State.ONLINE if condition is None else state_of(condition), condition, supplies, readings)


def _condition(state: int | None, reasons: tuple[Reason, ...], accepting: bool | None) -> Condition | None:
    """What keeps it from printing. A printer that works on has a reason to warn and no condition."""
    stopped = state == IppPrinterState.STOPPED
    stops = {
        reason.keyword
        for reason in reasons
        if stopped or reason.severity == "error" or reason.keyword in _WHATEVER_SEVERITY
    }
    for keyword, condition in CONDITIONS.items():
        if keyword in stops and condition is not None:
            return condition
    return Condition.QUEUE_STOPPED if stopped or accepting is False else None


def _paper(state: int | None, reasons: tuple[Reason, ...]) -> Supply:
    keywords = {reason.keyword for reason in reasons}
    empty = {reason.severity for reason in reasons if reason.keyword in _NO_PAPER}
    if "media-jam" in keywords:
        return Supply.JAMMED
    if "media-needed" in keywords or (empty and (state == IppPrinterState.STOPPED or "error" in empty)):
        return Supply.OUT
    if "media-low" in keywords or empty:  # one tray of several is empty
        return Supply.LOW
    if state is None or keywords & {"offline", "shutdown", "connecting-to-device"}:
        return Supply.UNKNOWN
    return Supply.FULL


def _toner(printer: Group, reasons: tuple[Reason, ...]) -> Supply:
    """By its reasons first, then by the lowest of its levels; 0 % of a cartridge still prints, so it stops nothing."""
    keywords = {reason.keyword for reason in reasons}
    if keywords & _NO_TONER:
        return Supply.OUT
    if keywords & _LITTLE_TONER:
        return Supply.LOW
    levels = _markers(printer)
    if not levels:
        return Supply.UNKNOWN
    if any(level <= 0 for level, _ in levels):
        return Supply.OUT
    return Supply.LOW if any(level <= low for level, low in levels) else Supply.FULL


def _toner_percent(printer: Group) -> int | None:
    return min((level for level, _ in _markers(printer)), default=None)


def _markers(printer: Group) -> list[tuple[int, int]]:
    """(level, low level) in percent of every cartridge that tells one: −1, −2 and −3 are "cannot say" (RFC 3805).

    Waste boxes are left out: they are full when their level is high.
    """
    levels = printer.numbers("marker-levels")
    lows = printer.numbers("marker-low-levels")
    types = printer.words("marker-types")
    names = printer.words("marker-names")
    found = []
    for index, level in enumerate(levels):
        said = " ".join(each[index] for each in (types, names) if index < len(each)).lower()
        low = lows[index] if index < len(lows) and lows[index] > 0 else _LOW_PERCENT
        if 0 <= level <= 100 and "waste" not in said:
            found.append((level, low))
    return found
