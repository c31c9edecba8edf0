"""The transport for makers' services: deadlines, sizes, encodings, and what it never does."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase

import pytest

from devices.emulators.http_service import Asked, HttpServiceEmulator, Told
from devices.errors import Garbled, TimedOut, Unreachable
from devices.wire.http_service import HttpService, parse_object
from devices.wire.service_settings import ServiceSettings, is_loopback, url_fault
from ground.clock import RealClock

STALL_S = 10.0  # that a busy machine may add to a deadline
SECRET = "王小明429006199003070019"


class Scripted(HttpServiceEmulator):
    """Answers what a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(RealClock())
        self.told = Told(b"{}")
        self.asked: list[Asked] = []

    def answer(self, asked: Asked) -> Told:
        self.asked.append(asked)
        return self.told


@contextmanager
def scripted(
    path: str = "", longest: int = 1000, **settings: object
) -> Iterator[tuple[Scripted, HttpService]]:
    server = Scripted()
    server.start()
    try:
        shown = ServiceSettings.model_validate({"url": server.url + path, **settings})
        yield server, HttpService(shown, RealClock(), longest)
    finally:
        server.close()


def test_one_question_one_object() -> None:
    with scripted("/api") as (server, service):
        server.told = Told('{"姓名": "王"}'.encode())
        assert service.ask("POST", "read", {"键": 1}, query={"a": "b c"}) == {"姓名": "王"}
        assert service.ask("GET", "/read") == {"姓名": "王"}
        assert [asked.path for asked in server.asked] == ["/api/read?a=b+c", "/api/read"]
        assert json.loads(server.asked[0].body) == {"键": 1}
        assert server.asked[1].body == b""


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with scripted() as (_, service):
        assert service.ask("GET", "x") == {}


def test_redirects_are_not_followed() -> None:
    with scripted() as (server, service):
        server.told = Told(b"{}", status=302)
        with pytest.raises(Garbled):
            service.ask("GET", "x")
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
def test_other_statuses_are_garbled(status: int) -> None:
    with scripted() as (server, service):
        server.told = Told(SECRET.encode(), status=status)
        with pytest.raises(Garbled) as caught:
            service.ask("GET", "x")
        assert caught.value.facts["status"] == status
        assert "王" not in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"<html>", b'{"a":', b"\xff\xff\xff", b"1" * 999, b"[" * 999]
)
def test_what_is_no_object(body: bytes) -> None:
    with scripted() as (server, service):
        server.told = Told(body)
        with pytest.raises(Garbled):
            service.ask("GET", "x")


def test_nothing_of_a_body_stands_in_an_error() -> None:
    with pytest.raises(Garbled) as caught:
        parse_object(f'{{"name": "{SECRET}"'.encode(), "x")
    said = [repr(caught.value), *map(repr, (caught.value.__cause__, caught.value.__context__))]
    assert not any("王" in text or "4290" in text for text in said)


@pytest.mark.parametrize(
    "body",
    [
        '{"a": "天门"}'.encode(),
        '{"a": "天门"}'.encode("utf-8-sig"),
        '{"a": "天门"}'.encode("gb18030"),
        '  cb({"a": "天门"}) ;\n'.encode(),
        'window.jQuery_17({"a": "天门"})'.encode(),
    ],
)
def test_encodings_and_jsonp(body: bytes) -> None:
    assert parse_object(body, "x") == {"a": "天门"}


def test_an_answer_that_is_too_long() -> None:
    with scripted(longest=100) as (server, service):
        server.told = Told(b'{"a": "' + b"x" * 200 + b'"}')
        with pytest.raises(Garbled):
            service.ask("GET", "x")


def test_nobody_there() -> None:
    with scripted() as (server, service):
        server.unplug()
        with pytest.raises(Unreachable):
            service.ask("GET", "x")


def gives_up_in_time(ask: Callable[[], object], deadline_s: float) -> None:
    clock = RealClock()
    before = clock.instant()
    with pytest.raises(TimedOut):
        ask()
    assert clock.instant() - before <= deadline_s * 1.1 + STALL_S


def test_silence() -> None:
    with scripted(answer_timeout_s=0.3) as (server, service):
        server.mute = True
        gives_up_in_time(lambda: service.ask("GET", "x"), 0.3)
        server.mute = False


def dripping(to: BufferedIOBase, ended: threading.Event) -> None:
    """A byte now and then, for ever: never a silence, and never an end."""
    while not ended.is_set():
        to.write(b" ")
        RealClock().wait(0.05)


def test_an_answer_that_drips_for_ever_meets_the_deadline() -> None:
    with scripted(answer_timeout_s=5.0, deadline_s=0.5) as (server, service):
        server.told = Told(stream=dripping)
        gives_up_in_time(lambda: service.ask("GET", "x"), 0.5)


def test_a_stream_is_broken_off_from_outside() -> None:
    with scripted(answer_timeout_s=60.0) as (server, service):
        server.told = Told(stream=dripping)
        stream = service.stream("x")
        began = threading.Event()

        def read() -> None:
            try:
                for _ in stream.pieces():
                    began.set()
            except Unreachable:
                return

        reader = threading.Thread(target=read)
        reader.start()
        assert began.wait(60)
        stream.abort()
        reader.join(60)
        assert not reader.is_alive()
        stream.abort()


def test_a_stream_that_was_broken_off_before_it_began() -> None:
    with scripted(answer_timeout_s=60.0) as (server, service):
        server.mute = True
        stream = service.stream("x")
        stream.abort()
        with pytest.raises(Unreachable):
            list(stream.pieces())
        server.mute = False


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False),
     ("localhost.example", False), ("0.0.0.0", False)],
)  # fmt: skip
def test_this_machine(host: str, here: bool) -> None:
    assert is_loopback(host) is here


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1", "http://", "http://u:p@127.0.0.1", "http://127.0.0.1/?a", "http://127.0.0.1:0",
     "http://127.0.0.1:99999", "http://[::1", "http://10.0.0.1", "file:///etc"],
)  # fmt: skip
def test_addresses_that_are_refused(url: str) -> None:
    assert url_fault(url, ("http",), allow_remote=False)
    with pytest.raises(ValueError, match="url"):
        ServiceSettings(url=url)


def test_another_machine_only_where_the_settings_say_so() -> None:
    assert not url_fault("http://10.0.0.1:7999/api", ("http",), allow_remote=True)
