"""What may stand at a printer's address instead of a printer that keeps to the RFCs."""

import socket
import threading
from collections.abc import Iterator

import pytest
from pyipp.enums import IppStatus, IppTag

from devices.emulators.http_service import Asked, HttpServiceEmulator, Told
from devices.errors import Condition, DeviceError, Garbled, Refused, Unreachable
from devices.page_printer.ipp import IppPrinter, IppSettings
from devices.page_printer.ipp_message import Attribute, Group, Message, format_message, parse_message
from ground.clock import RealClock

PATIENCE_S = 60.0


class Service(HttpServiceEmulator):
    """Answers as it is told, and remembers what it was asked."""

    told = Told()
    only_version: tuple[int, int] | None = None

    def __init__(self) -> None:
        super().__init__(RealClock())
        self.bodies: list[bytes] = []

    def answer(self, asked: Asked) -> Told:
        self.bodies.append(asked.body)
        if self.only_version is None:
            return self.told
        request = parse_message(asked.body)
        known = request.version == self.only_version
        state = Group(4, (Attribute("printer-state", IppTag.ENUM, (3,)),))
        status = IppStatus.OK if known else IppStatus.ERROR_VERSION_NOT_SUPPORTED
        groups = (state,) if known else ()
        return Told(format_message(Message(status, request.request_id, groups, version=self.only_version)))


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    service.start()
    yield service
    service.close()


def opened(url: str) -> DeviceError | IppPrinter:
    """The open printer at `url`, or why it is none."""
    printer = IppPrinter(
        IppSettings(url=url.replace("http://", "ipp://"), timeout_s=PATIENCE_S, purge_at_open=False),
        RealClock(),
    )
    try:
        printer.open()
    except DeviceError as error:
        return error
    return printer


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        (400, Condition.BAD_COMMAND),
        (401, Condition.BAD_COMMAND),
        (403, Condition.BAD_COMMAND),
        (404, Condition.OFFLINE),
        (426, Condition.BAD_COMMAND),
        (429, Condition.BUSY),
        (503, Condition.BUSY),
    ],
)
def test_what_http_refuses(service: Service, status: int, condition: Condition) -> None:
    service.told = Told(b"\xff no text", status=status)
    refused = opened(service.url)
    assert isinstance(refused, Refused)
    assert (refused.condition, refused.facts["http_status"]) == (condition, status)


@pytest.mark.parametrize("status", [204, 301, 307, 500, 502])
def test_what_is_no_answer(service: Service, status: int) -> None:
    service.told = Told(b"", status=status)
    assert isinstance(opened(service.url), Garbled)


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        (IppStatus.ERROR_BUSY, Condition.BUSY),
        (IppStatus.ERROR_NOT_ACCEPTING_JOBS, Condition.QUEUE_STOPPED),
        (IppStatus.ERROR_DEVICE, Condition.UNRECOVERABLE),
        (IppStatus.ERROR_NOT_FOUND, Condition.OFFLINE),
        (IppStatus.ERROR_NOT_AUTHENTICATED, Condition.BAD_COMMAND),
        (0x0200, Condition.BAD_COMMAND),  # a redirection to another site is no success
        (0x7F99, Condition.BAD_COMMAND),
    ],
)
def test_what_ipp_refuses(service: Service, status: int, condition: Condition) -> None:
    service.told = Told(format_message(Message(status, 1, ())))
    refused = opened(service.url)
    assert isinstance(refused, Refused)
    assert refused.condition is condition
    assert refused.facts["ipp_status"]


def test_a_login_page(service: Service) -> None:
    service.told = Told(b"<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
    assert isinstance(opened(service.url), Garbled)


def test_an_answer_without_a_state_is_no_printer(service: Service) -> None:
    service.told = Told(format_message(Message(0, 1, ())))
    assert isinstance(opened(service.url), Garbled)


def test_an_answer_that_does_not_end(service: Service) -> None:
    service.told = Told(bytes(9 << 20))
    error = opened(service.url)
    assert isinstance(error, Garbled)
    assert error.facts["why"] == "answer too long"


def test_an_old_printer_is_asked_in_its_own_version(service: Service) -> None:
    service.only_version = (1, 1)
    printer = opened(service.url)
    assert isinstance(printer, IppPrinter)
    assert printer.status().ready
    assert [body[:2] for body in service.bodies] == [b"\x02\x00", b"\x01\x01", b"\x01\x01"]


def test_a_printer_of_no_version_is_asked_twice_and_refused(service: Service) -> None:
    service.only_version = (2, 9)
    assert isinstance(opened(service.url), Refused)
    assert len(service.bodies) == 2


def test_a_plain_printer_is_not_asked_over_tls(service: Service) -> None:
    assert isinstance(opened(service.url.replace("http://", "ipps://")), Unreachable)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\xfe garbage\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n\x02\x00",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 307 Elsewhere\r\nLocation: http://{elsewhere}/ipp\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_whatever_else_listens_there_and_nothing_goes_elsewhere(service: Service, answer: bytes) -> None:
    elsewhere = service.url.removeprefix("http://").encode()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer.replace(b"{elsewhere}", elsewhere))

        thread = threading.Thread(target=serve)
        thread.start()
        error = opened(f"ipp://127.0.0.1:{server.getsockname()[1]}/ipp/print")
        thread.join(PATIENCE_S)
    assert isinstance(error, Garbled | Unreachable)
    assert not service.bodies
