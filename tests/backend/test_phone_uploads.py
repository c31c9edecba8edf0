"""A phone's pictures: from the code on the terminal's screen to the terminal, and nothing of them left here."""

import base64
import hashlib
import io
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backend.clock import ManualClock
from backend.phone_page import sentences
from backend.serve import LiveServer
from backend.settings import Settings
from tests.backend.phone import Phone, photo, said
from tests.backend.sealing_terminal import SealingTerminal

LABEL = "租房合同或备案证明"


def begin(terminal: SealingTerminal, **more: Any) -> dict[str, Any]:
    answer = terminal.ask("POST", "/v1/phone-uploads", json={"label": LABEL, "most_pages": 3, **more})
    assert answer.status_code == 201, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


def looked(terminal: SealingTerminal, begun: dict[str, Any]) -> dict[str, Any]:
    answer = terminal.ask("GET", f"/v1/phone-uploads/{begun['upload_id']}")
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


@pytest.fixture
def begun(terminal: SealingTerminal) -> dict[str, Any]:
    return begin(terminal)


@pytest.fixture
def phone(begun: dict[str, Any]) -> Iterator[Phone]:
    with closing(Phone(begun["url"])) as one:
        yield one


def test_from_the_code_to_the_terminal(
    terminal: SealingTerminal, begun: dict[str, Any], phone: Phone
) -> None:
    assert looked(terminal, begun)["state"] == "waiting"
    page = phone.look()
    assert page.status_code == 200 and LABEL in page.text
    assert looked(terminal, begun)["state"] == "opened"
    picture = photo()
    thanks = phone.send(picture)
    assert said(thanks) == ["谢谢，收到 1 页"]
    view = looked(terminal, begun)
    assert (view["state"], view["arrived"]) == ("arrived", 1)
    assert view["pages"] == [{"n": 1, "length": len(picture), "kind": "image/jpeg"}]
    place = f"/v1/phone-uploads/{begun['upload_id']}/pages/1"
    assert terminal.ask("GET", place).content == picture
    assert terminal.ask("GET", place).content == picture  # the link broke meanwhile: once more
    assert terminal.ask("DELETE", place).status_code == 204
    assert terminal.ask("GET", place).status_code == 404
    assert terminal.ask("DELETE", place).status_code == 204
    assert looked(terminal, begun)["pages"] == []


def test_several_at_once_and_one_more(terminal: SealingTerminal, begun: dict[str, Any], phone: Phone) -> None:
    assert said(phone.send(photo(1), photo(2))) == ["谢谢，收到 2 页"]
    full = phone.send(photo(3))
    assert said(full) == ["谢谢，收到 3 页"] and "<form" not in full.text
    assert [page["n"] for page in looked(terminal, begun)["pages"]] == [1, 2, 3]
    assert said(phone.send(photo(4))) == [sentences()["too_many"].chinese.format(room=0)]


def test_the_code_says_nothing_and_is_no_token(terminal: SealingTerminal, begun: dict[str, Any]) -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", begun["code"])  # 80 random bits
    assert begun["url"] == f"{terminal.url}/u/{begun['code']}"
    assert begin(terminal)["code"] != begun["code"]
    with closing(SealingTerminal(terminal.url, begun["code"])) as thief:
        assert thief.ask("GET", f"/v1/phone-uploads/{begun['upload_id']}").status_code == 401
        assert thief.ask("GET", "/v1/terminal").status_code == 401


def test_the_page_is_plain(phone: Phone) -> None:
    page = phone.look()
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "Set-Cookie" not in page.headers and phone.session.cookies.get_dict() == {}
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert not re.findall(r"(?:src|href|url)\s*[=(]", page.text)  # nothing from elsewhere
    assert "<noscript><button>" in page.text and 'enctype="multipart/form-data"' in page.text
    assert 'capture="environment"' in page.text and 'accept="image/*,application/pdf"' in page.text
    assert page.text.index("拍照上传") < page.text.index("Take a picture")
    assert int(re.findall(r"font:(\d+)px", page.text)[0]) >= 20


def test_the_policy_allows_exactly_what_is_on_the_page(phone: Phone) -> None:
    page = phone.look()
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in page.headers["Content-Security-Policy"]
    assert not re.findall(r"\son\w+=|\sstyle=", page.text)


def test_after_its_minutes_a_code_is_void(
    terminal: SealingTerminal, begun: dict[str, Any], phone: Phone, clock: ManualClock
) -> None:
    phone.send(photo())
    clock.turn(begun["lasts_s"])
    late = phone.look()
    assert late.status_code == 410 and said(late) == [sentences()["ended"].chinese]
    assert phone.send(photo()).status_code == 410
    view = looked(terminal, begun)
    assert (view["state"], view["left_s"], len(view["pages"])) == (
        "over",
        0,
        1,
    )  # the last one may be taken yet
    clock.turn(60)
    assert terminal.ask("GET", f"/v1/phone-uploads/{begun['upload_id']}").status_code == 404
    assert phone.look().status_code == 410  # still told kindly


def test_it_expires_while_the_picture_is_on_its_way(
    server: LiveServer, terminal: SealingTerminal, begun: dict[str, Any], clock: ManualClock
) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="page"; filename="a"\r\n\r\n'
        + photo()
        + b"\r\n--b--\r\n"
    )
    host, port = server.url.removeprefix("http://").split(":")
    head = (
        f"POST /u/{begun['code']} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n\r\n"
    ).encode()
    with socket.create_connection((host, int(port)), timeout=30) as wire:
        wire.sendall(head + body[:100])
        assert terminal.ask("GET", "/health").ok  # a round trip: by now the request was let in
        clock.turn(begun["lasts_s"])
        wire.sendall(body[100:])
        answer = wire.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 410")
    assert looked(terminal, begun)["arrived"] == 0


def test_once_the_terminal_ended_it_a_second_use_is_refused(
    terminal: SealingTerminal, begun: dict[str, Any], phone: Phone
) -> None:
    phone.send(photo())
    assert terminal.ask("DELETE", f"/v1/phone-uploads/{begun['upload_id']}").status_code == 204
    again = phone.send(photo())
    assert again.status_code == 410 and said(again) == [sentences()["ended"].chinese]
    assert terminal.ask("GET", f"/v1/phone-uploads/{begun['upload_id']}/pages/1").status_code == 404


def test_a_new_code_closes_the_former(terminal: SealingTerminal, begun: dict[str, Any], phone: Phone) -> None:
    begin(terminal)
    assert phone.look().status_code == 410


def test_another_terminal_gets_nothing(
    new_terminal: Callable[[], SealingTerminal],
    terminal: SealingTerminal,
    begun: dict[str, Any],
    phone: Phone,
) -> None:
    phone.send(photo())
    other, place = new_terminal(), f"/v1/phone-uploads/{begun['upload_id']}"
    for method, path in (
        ("GET", place),
        ("GET", f"{place}/pages/1"),
        ("DELETE", f"{place}/pages/1"),
        ("DELETE", place),
    ):
        refused = other.ask(method, path)
        assert refused.status_code == 403 and refused.json()["code"] == "B403", (method, path)
    assert len(looked(terminal, begun)["pages"]) == 1


def test_strangers_are_refused(server: LiveServer, begun: dict[str, Any]) -> None:
    place = f"/v1/phone-uploads/{begun['upload_id']}"
    with closing(SealingTerminal(server.url)) as stranger:
        for path in (place, f"{place}/pages/1"):
            assert stranger.ask("GET", path).status_code == 401
            assert stranger.ask("DELETE", path).status_code == 401
        asked = stranger.ask("POST", "/v1/phone-uploads", json={"label": LABEL, "most_pages": 1})
        assert asked.status_code == 401


def test_guessing_is_slowed_down(tmp_path: Path, clock: ManualClock) -> None:
    settings = Settings(phone_guesses_per_minute=3)
    with LiveServer(tmp_path / "p", clock=clock, settings=settings, journal=io.StringIO()) as live:
        guesses = [Phone(f"{live.url}/u/{guess:016d}") for guess in range(5)]
        answers = [guess.look() for guess in guesses[:4]]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
        assert said(answers[0]) == [sentences()["wrong"].chinese]
        assert (
            said(answers[3]) == [sentences()["often"].chinese] and int(answers[3].headers["Retry-After"]) > 0
        )
        assert guesses[3].send(photo()).status_code == 429
        clock.turn(60)
        assert guesses[4].look().status_code == 404
        for guess in guesses:
            guess.close()


def test_coming_late_is_no_guessing(tmp_path: Path, terminal: SealingTerminal, begun: dict[str, Any]) -> None:
    terminal.ask("DELETE", f"/v1/phone-uploads/{begun['upload_id']}")
    with closing(Phone(begun["url"])) as late:
        assert {late.look().status_code for _ in range(40)} == {410}


def test_asking_for_codes_is_limited(terminal: SealingTerminal) -> None:
    for _ in range(12):
        begin(terminal)
    refused = terminal.ask("POST", "/v1/phone-uploads", json={"label": LABEL, "most_pages": 1})
    assert refused.status_code == 429


@pytest.mark.parametrize(
    "body",
    [
        {"label": "", "most_pages": 1},
        {"label": "租" * 61, "most_pages": 1},
        {"label": LABEL, "most_pages": 0},
        {"label": LABEL, "most_pages": 1, "minutes": 0},
        {"label": LABEL, "most_pages": 1, "citizen": "x"},
    ],
)
def test_what_a_terminal_may_not_ask(terminal: SealingTerminal, body: dict[str, Any]) -> None:
    assert terminal.ask("POST", "/v1/phone-uploads", json=body).status_code == 422


def test_a_label_is_text(terminal: SealingTerminal) -> None:
    with closing(Phone(begin(terminal, label="<script>alert(1)</script>{room}")["url"])) as one:
        page = one.look().text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;{room}" in page


def test_phones_reach_it_where_the_operator_says(tmp_path: Path, clock: ManualClock) -> None:
    settings = Settings(public_url="https://ywt.example.cn/kiosk/")
    with (
        LiveServer(tmp_path / "p", clock=clock, settings=settings, journal=io.StringIO()) as live,
        closing(SealingTerminal(live.url, live.operator_token)) as operator,
        closing(SealingTerminal(live.url)) as terminal,
    ):
        terminal.enrol(operator.ask("POST", "/v1/operator/codes").json()["code"])
        assert begin(terminal)["url"].startswith("https://ywt.example.cn/kiosk/u/")
