"""What is sent to a printer, what is never sent, and what the printer is told to be."""

import pytest
from pydantic import ValidationError
from pyipp.enums import IppOperation

from config.sentences import LANGUAGES, shipped_sentences
from devices.errors import Condition, Refused, Unreachable
from devices.page_printer import Job, JobState
from devices.page_printer.ipp import IppPrinter, IppSettings
from devices.page_printer.ipp_line import IppLine
from devices.page_printer.ipp_status import CONDITIONS
from devices.status import State
from tests.devices.page_printer.conftest import TITLE, pdf


def test_the_request_is_as_rfc_8010_lays_it_out() -> None:
    request = IppLine("ipp://printer/ipp/print", "kiosk").request(
        IppOperation.PRINT_JOB, {"job-name": "TTS-1"}, {"copies": 2, "media": "iso_a4_210x297mm"}
    )
    assert request == (
        b"\x02\x00\x00\x02\x00\x00\x00\x01"  # version 2.0, Print-Job, request 1 (RFC 8010, 3.1.1)
        b"\x01"  # operation attributes: charset and language first (RFC 8011, 4.1.4)
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x02en"
        b"\x45\x00\x0bprinter-uri\x00\x17ipp://printer/ipp/print"
        b"\x42\x00\x14requesting-user-name\x00\x05kiosk"
        b"\x42\x00\x08job-name\x00\x05TTS-1"
        b"\x02"  # job attributes
        b"\x21\x00\x06copies\x00\x04\x00\x00\x00\x02"
        b"\x44\x00\x05media\x00\x10iso_a4_210x297mm"  # a keyword, which pyipp would call a name
        b"\x03"
    )


def test_the_target_of_a_request_stands_together() -> None:
    request = IppLine("ipp://printer/ipp/print", "kiosk").request(IppOperation.CANCEL_JOB, {"job-id": 7})
    target, job, user = (request.index(name) for name in (b"printer-uri", b"job-id", b"requesting-user-name"))
    assert target < job < user
    assert request.count(b"job-id") == 1


def test_what_is_asked_with_a_document(printer, emulator) -> None:
    document = pdf(3)
    job = printer.submit(document, TITLE, copies=2, two_sided=True)
    assert job == Job(TITLE, 1, two_sided=True)
    [kept] = emulator.documents
    assert (kept.pdf, kept.title, kept.user, kept.copies) == (document, TITLE, "kiosk", 2)
    assert len(emulator.tray) == 4  # three pages on two sheets, twice


def test_identity_and_capabilities(printer) -> None:
    assert printer.identity() == "Emulated Page Printer urn:uuid:00000000-0000-4000-8000-0000000a4a4a"
    said = printer.capabilities()
    assert said["two_sided"] is True
    assert said["media_known"] is True
    assert said["resume"] is True
    assert said["error_policy"] == "retry-current-job"


@pytest.mark.parametrize(
    "title",
    ["王小明", "", "a b", "429006199003070019", "x-42900619900307001X", "A" * 65, "../x", "-o", "TTS-1\n"],
)
def test_a_title_that_could_be_a_person_never_leaves(printer, emulator, title: str) -> None:
    with pytest.raises(Refused) as caught:
        printer.submit(pdf(), title)
    assert caught.value.condition is Condition.BAD_COMMAND
    assert title not in str(caught.value) or not title
    assert not emulator.tray


@pytest.mark.parametrize("title", ["TTS-20261121-0007", "429006202611210000123456", "a", "A.b_c-1"])
def test_our_own_numbers_are_titles(printer, title: str) -> None:
    assert printer.follow(printer.submit(pdf(), title)).state is JobState.COMPLETED


@pytest.mark.parametrize(
    "document",
    [b"", b"\xff\xd8\xff\xe0JFIF", pdf()[:-8], b" " + pdf(), pdf() + bytes((1 << 20) + 1) + b"%%EOF"],
)
def test_what_is_not_a_whole_pdf_of_a_fair_size_is_not_sent(built, emulator, document: bytes) -> None:
    printer = built(largest_pdf_mb=1)
    printer.open()
    with pytest.raises(Refused) as caught:
        printer.submit(document, TITLE)
    assert caught.value.condition is Condition.BAD_COMMAND
    assert IppOperation.PRINT_JOB not in emulator.asked


@pytest.mark.parametrize("copies", [0, -1, 100])
def test_how_many_copies(printer, copies: int) -> None:
    with pytest.raises(Refused):
        printer.submit(pdf(), TITLE, copies=copies)


def test_a_printer_without_pdf_is_refused_at_once(built, emulator) -> None:
    emulator.takes_pdf = False
    printer = built()
    with pytest.raises(Refused) as caught:
        printer.open()
    assert caught.value.condition is Condition.OUT_OF_SERVICE
    assert caught.value.facts["lacks"] == "application/pdf"
    emulator.takes_pdf = True
    printer.open()
    assert printer.status().ready


def test_a_queue_of_another_name_is_not_on_line(emulator, clock) -> None:
    printer = IppPrinter(IppSettings(url=f"{emulator.url}er"), clock)
    with pytest.raises(Refused) as caught:
        printer.open()
    assert caught.value.condition is Condition.OFFLINE


def test_a_busy_printer_is_not_asked_again(printer, emulator) -> None:
    emulator.busy = True
    with pytest.raises(Refused) as caught:
        printer.submit(pdf(), TITLE)
    assert caught.value.condition is Condition.BUSY
    assert emulator.asked.count(IppOperation.PRINT_JOB) == 1
    emulator.busy = False
    printer.submit(pdf(), TITLE)
    assert len(emulator.tray) == 1


def test_closed_it_says_so(printer) -> None:
    printer.close()
    for verb in (printer.status, printer.purge, printer.resume, printer.identity):
        with pytest.raises(Unreachable):
            verb()
    assert printer.capabilities()["formats"] == ["application/pdf"]


@pytest.mark.parametrize("url", ["http://printer/ipp", "ipp://", "/dev/usb/lp0", "socket://10.0.0.1:9100"])
def test_an_address_that_is_no_ipp(url: str) -> None:
    with pytest.raises(ValidationError):
        IppSettings(url=url)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("ipp://printer/ipp/print", "http://printer:631/ipp/print"),
        ("ipps://printer:8443/ipp/print", "https://printer:8443/ipp/print"),
        ("ipp://localhost:631/printers/kiosk", "http://localhost:631/printers/kiosk"),
        ("ipp://printer", "http://printer:631/"),
        ("ipps://[fe80::1]/ipp", "https://[fe80::1]:631/ipp"),
    ],
)
def test_where_it_is_asked(url: str, endpoint: str) -> None:
    assert str(IppLine(url, "kiosk").endpoint) == endpoint


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_every_state_of_a_job_has_its_sentence(language: str) -> None:
    sentences = shipped_sentences(language)
    assert {f"page_printer.reason.{reason}" for reason in CONDITIONS} <= set(sentences)
    assert {f"page_printer.job.{state}" for state in JobState} <= set(sentences)


def test_an_offline_printer_behind_its_queue(printer, emulator) -> None:
    emulator.offline = True
    status = printer.status()
    assert (status.state, status.condition) == (State.OFFLINE, Condition.OFFLINE)
    assert status.supplies["paper"] == "unknown"
