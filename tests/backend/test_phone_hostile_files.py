"""What a phone may not send, and that nothing of what it sends stays on the platform's disk or in its journal."""

import io
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from backend.clock import ManualClock
from backend.form_data import NotFormData, boundary_of, files_in
from backend.phone_page import sentences
from backend.serve import LiveServer
from backend.settings import Settings
from tests.backend.phone import Phone, photo, said
from tests.backend.sealing_terminal import SealingTerminal
from tests.backend.test_phone_uploads import begin, looked

MARK = b"SECRET-OF-A-CITIZEN"


@pytest.fixture
def begun(terminal: SealingTerminal) -> dict[str, Any]:
    return begin(terminal)


@pytest.fixture
def phone(begun: dict[str, Any]) -> Iterator[Phone]:
    with closing(Phone(begun["url"])) as one:
        yield one


@pytest.mark.parametrize(
    ("content", "status", "why"),
    [
        (b"MZ\x90\x00" + bytes(60), 415, "not_a_picture"),  # a Windows program named .jpg
        (b"\x7fELF" + bytes(60), 415, "not_a_picture"),
        (b"#!/bin/sh\nrm -rf /\n", 415, "not_a_picture"),
        (b"<!doctype html><script>alert(1)</script>", 415, "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415, "not_a_picture"),
        (b"PK\x03\x04" + bytes(60), 415, "not_a_picture"),
        (b"GIF89a" + bytes(60), 415, "not_a_picture"),
        (b"\0\0\0\x18ftypheic" + bytes(60), 415, "heic"),
        (b"\xff\xd8\xff" + bytes(25 * 1024 * 1024), 413, "too_large"),
    ],
)
def test_refused(
    terminal: SealingTerminal, begun: dict[str, Any], phone: Phone, content: bytes, status: int, why: str
) -> None:
    answer = phone.send(content)
    assert answer.status_code == status
    assert said(answer) == [sentences()[why].chinese.format(most=20)]
    assert "<form" in answer.text  # she may try another one
    assert looked(terminal, begun)["arrived"] == 0


def test_one_bad_file_among_good_ones_and_none_is_taken(
    terminal: SealingTerminal, begun: dict[str, Any], phone: Phone
) -> None:
    assert phone.send(photo(), b"MZ" + bytes(60)).status_code == 415
    assert looked(terminal, begun)["arrived"] == 0


def test_nothing_chosen(phone: Phone) -> None:
    answer = phone.send()
    assert answer.status_code == 422 and said(answer) == [sentences()["nothing"].chinese]


def test_more_than_the_slot_takes(terminal: SealingTerminal, begun: dict[str, Any], phone: Phone) -> None:
    answer = phone.send(*[photo()] * 4)
    assert answer.status_code == 413 and said(answer) == [sentences()["too_many"].chinese.format(room=3)]
    assert looked(terminal, begun)["arrived"] == 0


def test_far_too_much_is_refused_by_its_header(begun: dict[str, Any], server: LiveServer) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    head = (
        f"POST /u/{begun['code']} HTTP/1.1\r\nHost: x\r\nContent-Length: {10**12}\r\nExpect: 100-continue\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=30) as wire:
        wire.sendall(head.encode())
        assert wire.makefile("rb").readline().startswith(b"HTTP/1.1 413")


def test_a_body_without_length_is_counted(begun: dict[str, Any], tmp_path: Path, clock: ManualClock) -> None:
    settings = Settings(phone_picture_max_bytes=100_000)
    with (
        LiveServer(tmp_path / "p", clock=clock, settings=settings, journal=io.StringIO()) as live,
        closing(SealingTerminal(live.url, live.operator_token)) as operator,
        closing(SealingTerminal(live.url)) as terminal,
    ):
        terminal.enrol(operator.ask("POST", "/v1/operator/codes").json()["code"])
        url = begin(terminal, most_pages=1)["url"]
        pieces = (bytes(50_000) for _ in range(20))
        answer = requests.post(
            url, data=pieces, headers={"Content-Type": "multipart/form-data; boundary=b"}, timeout=60
        )
    assert answer.status_code == 413


def test_memory_has_an_end(tmp_path: Path, clock: ManualClock) -> None:
    settings = Settings(phone_memory_bytes=300_000)
    with (
        LiveServer(tmp_path / "p", clock=clock, settings=settings, journal=io.StringIO()) as live,
        closing(SealingTerminal(live.url, live.operator_token)) as operator,
        closing(SealingTerminal(live.url)) as terminal,
    ):
        terminal.enrol(operator.ask("POST", "/v1/operator/codes").json()["code"])
        begun = begin(terminal)
        with closing(Phone(begun["url"])) as one:
            assert said(one.send(photo() + bytes(200_000))) == ["谢谢，收到 1 页"]
            assert said(one.send(photo() + bytes(200_000))) == [sentences()["busy"].chinese]
            terminal.ask("DELETE", f"/v1/phone-uploads/{begun['upload_id']}/pages/1")
            assert said(one.send(photo() + bytes(200_000))) == ["谢谢，收到 2 页"]


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\a.jpg", "/etc/shadow", "a\0.jpg", "王小明 身份证.jpg"]
)
def test_a_name_goes_nowhere(
    server: LiveServer, terminal: SealingTerminal, begun: dict[str, Any], phone: Phone, name: str
) -> None:
    before = set(server.data.rglob("*"))
    assert phone.send(photo(), name=name).status_code == 200
    assert looked(terminal, begun)["pages"][0]["n"] == 1
    assert set(server.data.rglob("*")) - before <= {
        server.data / "platform.sqlite3-wal",
        server.data / "platform.sqlite3-shm",
    }


def test_nothing_of_it_is_written_anywhere(
    server: LiveServer,
    terminal: SealingTerminal,
    journal: io.StringIO,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spilled = tmp_path / "temporary"
    spilled.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spilled))
    begun = begin(terminal)
    with closing(Phone(begun["url"])) as one:
        one.send(photo() + MARK + bytes(3 * 1024 * 1024), name=f"{MARK.decode()}.jpg")
        one.send(b"MZ" + MARK)
    terminal.ask("GET", f"/v1/phone-uploads/{begun['upload_id']}/pages/1")
    server.stop()
    assert list(spilled.iterdir()) == []
    for path in server.data.rglob("*"):
        assert not path.is_file() or MARK not in path.read_bytes(), path
    told = journal.getvalue()
    assert MARK.decode() not in told and begun["code"] not in told
    assert "phone_pictures_came" in told and "phone_pictures_refused" in told


# --- the form's own wire ---

PART = b'Content-Disposition: form-data; name="page"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'


def test_a_file_is_taken_out_whole() -> None:
    content = b"\xff\xd8\xff--b\r\n--\r\n\r\n--c" + bytes(range(256))
    body = b"--bb\r\n" + PART + content + b"\r\n--bb--\r\n"
    assert files_in(body, b"--bb", 5) == [content]


def test_fields_and_empty_inputs_are_no_files() -> None:
    field = b'Content-Disposition: form-data; name="x"\r\n\r\nfilename=evil'
    empty = PART.replace(b"a.jpg", b"")
    body = b"--b\r\n" + field + b"\r\n--b\r\n" + empty + b"\r\n--b\r\n" + PART + b"yes\r\n--b--"
    assert files_in(body, b"--b", 5) == [b"yes"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--",
        b"no boundary at all",
        b"--b",
        b"--bxx",
        b"--b\r\n",
        b"--b\r\n" + PART,
        b"--b\r\n" + PART + b"content without end",
        b"--b\r\nno head\r\n--b--",
        b"--b\r\n" + b"X: " + b"y" * 5000 + b"\r\n\r\n\r\n--b--",
        b"--b\r\n" + PART + b"\r\n--b\r\n" + PART,
    ],
)
def test_a_spoilt_form_is_refused(body: bytes) -> None:
    with pytest.raises(NotFormData):
        files_in(body, b"--b", 5)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "a" * 99]
)
def test_no_form_at_all(kind: str) -> None:
    with pytest.raises(NotFormData):
        boundary_of(kind)


def test_a_spoilt_form_gets_a_kind_page(phone: Phone) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = phone.session.post(phone.url, data=b"--b\r\nnonsense", headers=headers, timeout=60)
    assert answer.status_code == 400 and said(answer) == [sentences()["broken"].chinese]
