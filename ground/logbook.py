"""The terminal's logbook: a closed list of events. `ground.log` writes them to the disk, as one JSON object a line.

Personal data never enters: a fact's value must be a number, a bool, None, or a short string; strings that look
like an identity number or hold Chinese text longer than `_LONGEST_TEXT` are cut out before they are written.
"""

import enum
import re
from typing import Protocol

Fact = str | int | float | bool | None

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])[0-9]{6,17}[0-9Xx](?![0-9A-Za-z])")
_UUID = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)  # a case's id; groups of it may be all digits
_HAN = re.compile(r"[⺀-鿿豈-﫿\U00020000-\U0003ffff\ud800-\udfff]+")
_LONGEST = 200  # characters of one fact; enough for a URL or an exception's first line, too short for a page


class Event(enum.StrEnum):
    """Everything that the logbook can say. The docstring of a member is its line in docs/logbook.md."""

    TERMINAL_STARTED = "terminal_started"
    """The face process started. Facts: version."""
    TERMINAL_FINISHED = "terminal_finished"
    """The face process ended in order. Facts: outcome (closed; renewed: a fresh one follows at once), reason (why
    it is renewed: visit, night, visits, memory, descriptors, threads), visits (of this process)."""
    FAILSAFE = "failsafe"
    """An unforeseen error ended the visit; her data was wiped. Facts: error (type), place (file:line), reference (the
    number on the screen), device (where it happened in the thread of one)."""
    DEVICE_CRASHED = "device_crashed"
    """A driver met an error that it did not foresee while nobody waited for it; it is opened afresh. Facts: device,
    error (type), place (file:line)."""
    FACE_CUT = "face_cut"
    """The face before this one was cut off: killed, or stopped by the watchdog. Facts: served (somebody was before the
    glass), reference (then it is on the screen)."""
    SAFE_MODE_ENTERED = "safe_mode_entered"
    """The face failed too often: it runs without optional devices and voice. Facts: again (it did so before)."""
    SAFE_MODE_LEFT = "safe_mode_left"
    """Safe mode was calm long enough; all that is fitted is used again."""
    POWER_CHANGED = "power_changed"
    """The mains failed, or came back. Facts: on_mains, charge_percent (of the battery, where the supply tells)."""
    POWER_LIMIT = "power_limit"
    """The battery is not trusted any longer: a visit is ended, then the machine goes down. Facts: why (time, charge,
    low), charge_percent."""
    POWER_DOWN_ASKED = "power_down_asked"
    """The machine was asked to go down; nobody was being served."""
    PLAIN_PAGE_SHOWN = "plain_page_shown"
    """The face failed too often in safe mode, too: the plain page stands on the glass. Facts: seconds."""
    VISIT_STARTED = "visit_started"
    """A touch on the idle screen began a visit."""
    VISIT_FINISHED = "visit_finished"
    """A visit ended and was wiped. Facts: outcome (done, left), last (state)."""
    STEP_ENTERED = "step_entered"
    """The journey entered a state. Facts: state."""
    VISIT_TAKEN_UP = "visit_taken_up"
    """She went on with a visit that a power cut had ended. Facts: pages (how many were kept)."""
    EARLIER_FOUND = "earlier_found"
    """The platform told, with her consent, what is known of her. Facts: values, licences (how many). Never which."""
    DRAFT_SAVED = "draft_saved"
    """She left and wants to go on another time. Facts: pages (how many are kept)."""
    CARD_READ = "card_read"
    """A card was read. Facts: kind, doubts (codes, comma-separated). Never the content."""
    IDENTITY_TYPED = "identity_typed"
    """No card could be read; name and number were typed and are looked at at the window. Facts: doubts (codes)."""
    CODE_SCANNED = "code_scanned"
    """A code was held before the scanner. Facts: kind (what it was taken for). Never what it says."""
    PROGRESS_ASKED = "progress_asked"
    """It was asked how far cases are. Facts: way (card, number), found (how many), code (why none)."""
    REPORT_BEGUN = "report_begun"
    """Somebody began to report that something cannot be done, or to ask for a call. Facts: kind, state."""
    MESSAGE_KEPT = "message_kept"
    """A correction, a withdrawal or a report became durable on this terminal. Facts: kind."""
    PAGE_TAKEN = "page_taken"
    """A page was photographed, scanned or brought. Facts: slot, way, accepted, verdicts."""
    PAGE_READ = "page_read"
    """A page was read, or could not be. Facts: kind, known (it is what was asked for), code (warnings, or error)."""
    PAPERS_BOUND = "papers_bound"
    """The pages of a case became PDFs. Facts: case, sheets, kb, over_budget (how many are too large)."""
    CASE_SEALED = "case_sealed"
    """A case became durable on this terminal. Facts: case."""
    CASE_DELIVERED = "case_delivered"
    """The backend confirmed a case. Facts: case, tries, files_deleted (sealed files, each seen to be gone)."""
    CASE_REFUSED = "case_refused"
    """The backend refused a case for good; it waits in the technician's list. Facts: case, code."""
    DELIVERY_FAILED = "delivery_failed"
    """A try to deliver failed and will be repeated. Facts: case, code, tries, next_s."""
    EVALUATION_DELIVERED = "evaluation_delivered"
    """The backend took an evaluation, or had one of this case before (from a phone). Facts: case, taken."""
    MESSAGE_DELIVERED = "message_delivered"
    """The backend took a message (a correction, a report, a device event). Facts: message, kind, files_deleted."""
    OUTBOX_REBUILT = "outbox_rebuilt"
    """The outbox's database was missing or damaged and was made anew. Facts: units, damaged, small."""
    DRAFTS_DELETED = "drafts_deleted"
    """Pages of visits that a power cut had ended were deleted by rule. Facts: pages, days."""
    DOWNLOAD_TAKEN = "download_taken"
    """A newer version of what the platform hands out is in use. Facts: name (such as catalogue), version."""
    DOWNLOAD_REFUSED = "download_refused"
    """What was downloaded did not pass; the old one stays. Facts: name, code, why, offered (version), said."""
    FILES_SWEPT = "files_swept"
    """Sealed files that nothing waits for any more were deleted by rule. Facts: files."""
    LINK_CHANGED = "link_changed"
    """The way to the backend changed. Facts: link (up, down, portal, limited), code."""
    CLOCK_CHANGED = "clock_changed"
    """The wall clock was found another way. Facts: state (right, off, jumped …), off_s (against the backend)."""
    DEVICE_OPENED = "device_opened"
    """A device answered. Facts: device."""
    DEVICE_FAILED = "device_failed"
    """A device failed. Facts: device, code, state (XFS4IoT's word) and the error's own facts."""
    DEVICE_REPLACED = "device_replaced"
    """A worker did not return by its deadline; it was declared lost and replaced. Facts: device."""
    SUPPLY_CHANGED = "supply_changed"
    """What a device uses up changed. Facts: device, supply (paper, toner …), level (full, low, out, jammed)."""
    SUPPLY_REFILLED = "supply_refilled"
    """Paper was refilled, and is counted from here on. Facts: supply (slips, sheets …), holds (pieces; 0: not counted),
    by (printer, technician), person (number, on the glass)."""
    CHECK_CHANGED = "check_changed"
    """A check of the terminal on itself came out otherwise than before. Facts: check (name), ok, code."""
    GROWTH_FOUND = "growth_found"
    """A process uses too much, or ever more; it starts itself anew when nobody is here. Facts: what (memory,
    descriptors, threads), steady (it grows all the time; else it is beyond its limit), now (MB or number), per_hour."""
    RECEIPT_PRINTED = "receipt_printed"
    """A receipt was printed. Facts: case."""
    RECEIPT_FAILED = "receipt_failed"
    """A receipt was not printed; it is shown on the screen instead. Facts: case, code."""
    UPLOADER_STARTED = "uploader_started"
    """The uploader process started. Facts: version."""
    UPLOADER_FINISHED = "uploader_finished"
    """The uploader process ended in order. Facts: outcome."""
    LOG_FILE_BEGUN = "log_file_begun"
    """The first record of each file of the log. Facts: terminal, hashes (the algorithm)."""
    LOG_SEALED = "log_sealed"
    """Everything up to here is signed by the terminal's key. Facts: key (its id), first (record since the last)."""
    LOG_KEY_ANNOUNCED = "log_key_announced"
    """Seals from here on are made with another key. Facts: key (its id), public (its public half)."""
    LOG_HEALED = "log_healed"
    """The end of the log was not as it was left. Facts: cause, torn_bytes, torn_sha256, lost_from, lost_to, synced,
    boot_then (the start of the machine in which it was left)."""
    LOG_LOST = "log_lost"
    """Records that the disk refused before this one. Facts: records (how many)."""
    LOG_FILES_DELETED = "log_files_deleted"
    """The oldest files of the log were deleted by rule. Facts: files, days (kept), to (last record), to_hash."""
    DATA_DELETED = "data_deleted"
    """Data was deleted by the rule of docs/retention.md, each file seen to be gone. Facts: of (class), items, days."""
    RELEASE_FETCHED = "release_fetched"
    """A newer release was fetched and believed. Facts: version, way (network, stick)."""
    RELEASE_INSTALLED = "release_installed"
    """A release was judged anew and lies beside the one that runs. Facts: version."""
    RELEASE_REFUSED = "release_refused"
    """What was fetched was not installed. Facts: code and the error's own facts."""
    RELEASE_SWITCHED = "release_switched"
    """A release is on trial. Facts: version, before (the one that it returns to)."""
    RELEASE_WELL = "release_well"
    """The release on trial works: face, uploader and checks are as well as before, or better. Facts: version."""
    RELEASE_CONFIRMED = "release_confirmed"
    """The release on trial has proved itself. Facts: version."""
    RELEASE_RETURNED = "release_returned"
    """The terminal returned to a release. Facts: version, left (the other one), why, code (blank: a technician)."""
    RELEASE_DATABASE_ASIDE = "release_database_aside"
    """The outbox's database of a newer release was set aside and made anew from the spool. Facts: version."""
    TENDING_ENTERED = "tending_entered"
    """Somebody who looks after the terminal was let in. Facts: person (number), role, way (lan: the health page)."""
    TENDING_REFUSED = "tending_refused"
    """Somebody was not let in. Facts: way (pin, card, stick, lan), why, failures (in a row), wait_s (until the next
    try)."""
    TENDING_LEFT = "tending_left"
    """Everything was given back. Facts: person, role, outcome (left, alone: nobody touched the glass; cleaning …)."""
    TENDING_ACT = "tending_act"
    """Something was begun on the glass. Facts: person, role, act, of (device, supply)."""
    TENDING_SET_UP = "tending_set_up"
    """Who may enter was changed by a verb. Facts: person, role, change (pin, card, removed)."""
    DEVICES_RELEASED = "devices_released"
    """The citizens' side let go of its devices. Facts: person, role, stuck (those that did not answer)."""
    DEVICE_TESTED = "device_tested"
    """A device did what it is for, and somebody judged it. Facts: device, result, code, person."""
    TRAINING_STARTED = "training_started"
    """The face began again for training, with a platform and data of its own. No fact."""
    TRAINING_FINISHED = "training_finished"
    """Training ended. Facts: left (files that could not be deleted)."""
    SETTINGS_CHANGED = "settings_changed"
    """terminal.toml was changed on the glass. Facts: of (sound, margins, rollback), version, person, role."""
    LOG_EXPORTED = "log_exported"
    """Records were copied for an auditor. Facts: first, last."""
    BUNDLE_MADE = "bundle_made"
    """A support bundle was made. Facts: to (file, stick, platform), kb, withheld (texts that were left out of it),
    person (who asked for it on the glass)."""
    BUNDLE_NOT_MADE = "bundle_not_made"
    """A support bundle that was asked for on the glass was not handed over. Facts: to, code, person."""


def redacted(value: Fact) -> Fact:
    """`value` without what could name a person: digit runs of 7 to 18, and every run of Chinese characters."""
    if not isinstance(value, str) or _UUID.fullmatch(value):
        return value
    without_numbers = _NUMBERS.sub("[number]", value)
    return _HAN.sub("[text]", without_numbers)[:_LONGEST]


class Logbook(Protocol):
    """Where events are written."""

    def write(self, event: Event, **facts: Fact) -> None:
        """Note that `event` happened. Never blocks for long, never raises."""
        ...


class MemoryLogbook:
    """Keeps events in a list, for tests and for screens that show the last ones."""

    def __init__(self) -> None:
        self.lines: list[tuple[Event, dict[str, Fact]]] = []

    def write(self, event: Event, **facts: Fact) -> None:
        self.lines.append((event, {name: redacted(value) for name, value in facts.items()}))
