"""Fuzzed answers of page printers; see `bench.fuzz`, which takes `FUZZ` and `SEEDS` from here."""

from collections.abc import Callable, Mapping, Sequence

from pyipp.enums import IppOperation, IppTag

from devices.emulators.http_service import Asked
from devices.emulators.ipp import IppEmulator
from devices.page_printer import Job
from devices.page_printer.ipp_line import IppLine
from devices.page_printer.ipp_message import format_message, parse_message
from devices.page_printer.ipp_queue import parse_job
from devices.page_printer.ipp_status import parse_printer_status
from ground.clock import ManualClock

_JOB = Job("TTS-20261121-0007", 1)


def _ipp(answer: bytes) -> object:
    """An answer, and whatever its groups say of the printer and of its jobs."""
    message = parse_message(answer)
    statuses = [parse_printer_status(group) for group in message.groups]
    reports = [parse_job(group, _JOB) for group in message.all(IppTag.JOB)]
    return statuses, reports


def _ipp_seeds() -> tuple[bytes, ...]:
    """What the emulator answers to the questions of the driver."""
    emulator = IppEmulator(ManualClock())
    emulator.paper, emulator.jam = 12, True
    emulator.leave(_JOB.title)
    line = IppLine("ipp://127.0.0.1/ipp/print", "kiosk")
    questions = (
        line.request(IppOperation.GET_PRINTER_ATTRIBUTES, {}),
        line.request(IppOperation.GET_JOB_ATTRIBUTES, {"job-id": 1}),
        line.request(IppOperation.GET_JOBS, {"which-jobs": "not-completed"}),
        line.request(IppOperation.GET_JOB_ATTRIBUTES, {"job-id": 99}),
    )
    answers = tuple(emulator.answer(Asked("POST", "/ipp/print", question)).body for question in questions)
    assert all(format_message(parse_message(answer)) == answer for answer in answers)
    return answers


FUZZ: Mapping[str, Callable[[bytes], object]] = {"ipp": _ipp}

SEEDS: Mapping[str, Sequence[bytes]] = {"ipp": _ipp_seeds()}
