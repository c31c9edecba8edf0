"""Sealed parts come in by tus: continued, verified, kept apart by terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.serve import LiveServer
from backend.settings import Settings
from tests.backend.sealing_terminal import SealingTerminal, sha256

CASE = "case-0123456789"
CONTENT = bytes(range(256)) * 40


def test_options_say_what_is_offered(terminal: SealingTerminal) -> None:
    answer = terminal.ask("OPTIONS", "/v1/files")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,termination"
    assert int(answer.headers["Tus-Max-Size"]) == Settings().part_max_bytes


def test_a_part_is_sent_in_pieces(terminal: SealingTerminal, server: LiveServer) -> None:
    created = terminal.create(CASE, "p01", CONTENT)
    assert created.status_code == 201
    assert created.headers["Tus-Resumable"] == "1.0.0"
    location = created.headers["Location"]
    assert terminal.offset(location) == 0
    first = terminal.patch(location, 0, CONTENT[:4000])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "4000")
    head = terminal.ask("HEAD", location)
    assert head.headers["Upload-Offset"] == "4000"
    assert head.headers["Upload-Length"] == str(len(CONTENT))
    assert head.headers["Cache-Control"] == "no-store"
    expected = {
        "part": "p01",
        "sha256": sha256(CONTENT),
        "complete": False,
        "offset": 4000,
        "length": len(CONTENT),
        "location": location,
    }
    assert terminal.files(CASE) == [expected]
    assert terminal.patch(location, 4000, CONTENT[4000:]).status_code == 204
    assert terminal.files(CASE) == [expected | {"complete": True, "offset": len(CONTENT)}]
    assert (server.data / "files" / location.rsplit("/", 1)[1]).read_bytes() == CONTENT


@pytest.mark.parametrize("offset", [0, 3999, 4001, 99_999_999])
def test_a_wrong_offset_is_refused_and_changes_nothing(terminal: SealingTerminal, offset: int) -> None:
    location = terminal.create(CASE, "p01", CONTENT).headers["Location"]
    terminal.patch(location, 0, CONTENT[:4000])
    refused = terminal.patch(location, offset, CONTENT[4000:])
    assert refused.status_code == 409
    assert refused.json()["code"] == "B409"
    assert terminal.offset(location) == 4000


def test_a_part_with_another_sha256_is_not_believed(terminal: SealingTerminal, server: LiveServer) -> None:
    location = terminal.create(CASE, "p01", CONTENT, sha256=sha256(b"something else")).headers["Location"]
    assert terminal.patch(location, 0, CONTENT).status_code == 204
    assert terminal.ask("HEAD", location).status_code == 404
    assert terminal.files(CASE) == []
    assert list((server.data / "files").iterdir()) == []


def test_more_than_announced_is_refused(terminal: SealingTerminal) -> None:
    location = terminal.create(CASE, "p01", CONTENT).headers["Location"]
    assert terminal.patch(location, 0, CONTENT + b"!").json()["code"] == "B413"
    assert terminal.offset(location) == 0


def test_more_than_announced_in_a_body_of_unknown_length_is_refused(terminal: SealingTerminal) -> None:
    location = terminal.create(CASE, "p01", CONTENT).headers["Location"]
    headers = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    endless = (CONTENT[:1000] for _ in range(20))
    assert terminal.ask("PATCH", location, headers=headers, data=endless).status_code == 413
    assert terminal.offset(location) <= len(CONTENT)
    assert terminal.files(CASE)[0]["complete"] is False


def test_announcing_a_part_again_replaces_the_unfinished_one(
    terminal: SealingTerminal, server: LiveServer
) -> None:
    lost = terminal.create(CASE, "p01", CONTENT).headers["Location"]
    terminal.patch(lost, 0, CONTENT[:10])
    found = terminal.send(CASE, "p01", CONTENT)
    assert terminal.ask("HEAD", lost).status_code == 404
    assert [file["location"] for file in terminal.files(CASE)] == [found]
    assert len(list((server.data / "files").iterdir())) == 1


def test_a_part_is_given_up(terminal: SealingTerminal, server: LiveServer) -> None:
    location = terminal.send(CASE, "p01", CONTENT)
    assert terminal.ask("DELETE", location).status_code == 204
    assert terminal.ask("HEAD", location).status_code == 404
    assert list((server.data / "files").iterdir()) == []


def test_files_belong_to_their_terminal(new_terminal: Callable[[], SealingTerminal]) -> None:
    mine, stranger = new_terminal(), new_terminal()
    location = mine.create(CASE, "p01", CONTENT).headers["Location"]
    assert stranger.ask("HEAD", location).status_code == 404
    assert stranger.patch(location, 0, CONTENT).status_code == 404
    assert stranger.ask("DELETE", location).status_code == 404
    assert stranger.files(CASE) == []
    assert mine.offset(location) == 0


def test_files_are_not_forgotten(tmp_path: Path, clock: ManualClock) -> None:
    with LiveServer(tmp_path / "p", clock=clock) as live:
        terminal = _enrolled(live)
        location = terminal.create(CASE, "p01", CONTENT).headers["Location"]
        terminal.patch(location, 0, CONTENT[:77])
    clock.turn(400 * 24 * 3600)
    with LiveServer(tmp_path / "p", clock=clock) as live:
        terminal.url = live.url
        assert terminal.offset(location) == 77
        terminal.close()


def _enrolled(live: LiveServer) -> SealingTerminal:
    terminal = SealingTerminal(live.url, live.operator_token)
    code = terminal.ask("POST", "/v1/operator/codes").json()["code"]
    assert terminal.enrol(code).ok
    return terminal


def test_files_without_a_row_are_swept_at_the_start(tmp_path: Path, clock: ManualClock) -> None:
    data = tmp_path / "p"
    with LiveServer(data, clock=clock) as live:
        terminal = _enrolled(live)
        terminal.send(CASE, "p01", CONTENT)
        terminal.close()
    orphan = data / "files" / ("0" * 32)
    orphan.write_bytes(b"left by a crash")
    with LiveServer(data, clock=clock):
        assert not orphan.exists()
        assert len(list((data / "files").iterdir())) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"case": "../../etc/passwd"},
        {"case": "case/../../x"},
        {"case": "short"},
        {"part": "../p01"},
        {"part": "P01"},
        {"part": "p01\x00"},
        {"part": "p01\n"},
        {"sha256": "0" * 63},
        {"sha256": sha256(CONTENT).upper()},
    ],
)
def test_hostile_metadata_is_refused(
    guest: SealingTerminal, shared_server: LiveServer, said: dict[str, str]
) -> None:
    before = set(shared_server.data.rglob("*"))
    refused = guest.create(CASE, "p01", CONTENT, **said)
    assert refused.status_code == 400
    assert refused.json()["code"] == "B400"
    assert set(shared_server.data.rglob("*")) == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Upload-Length": "10"},
        {"Upload-Length": "10", "Upload-Metadata": "case !!!,part cDAx"},
        {"Upload-Length": "10", "Upload-Metadata": "case"},
        {"Upload-Length": "10", "Upload-Metadata": "case Y2FzZTEyMzQ1Njc4," * 200},
    ],
)
def test_broken_creation_is_refused(guest: SealingTerminal, headers: dict[str, str]) -> None:
    assert guest.ask("POST", "/v1/files", headers=headers).status_code == 400


@pytest.mark.parametrize("length", ["0", "-1", "1e3", "", "９", "9" * 30])
def test_a_length_that_is_none_is_refused(guest: SealingTerminal, length: str) -> None:
    created = guest.create(CASE, "p01", CONTENT)
    metadata = created.request.headers["Upload-Metadata"]
    headers = {"Upload-Length": length.encode(), "Upload-Metadata": metadata}
    assert guest.ask("POST", "/v1/files", headers=headers).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/v1/files/..%2f..%2fkeys%2foperator.token",
        "/v1/files/../keys/operator.token",
        "/v1/files/" + "f" * 32,
    ],
)
@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_no_address_leads_out_of_the_folder(
    guest: SealingTerminal, shared_server: LiveServer, path: str, method: str
) -> None:
    token = shared_server.operator_token
    headers = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert guest.ask(method, path, headers=headers, data=b"x").status_code == 404
    assert shared_server.operator_token == token


def test_a_patch_must_be_in_order(terminal: SealingTerminal) -> None:
    location = terminal.create(CASE, "p01", CONTENT).headers["Location"]
    assert terminal.patch(location, 0, b"x", Content_Type="text/plain").status_code == 415
    assert terminal.patch(location, 0, b"x", Upload_Offset="-1").status_code == 400
    old = terminal.patch(location, 0, b"x", Tus_Resumable="0.2.2")
    assert (old.status_code, old.headers["Tus-Version"]) == (412, "1.0.0")
    assert terminal.offset(location) == 0


def test_no_byte_is_written_without_a_token(terminal: SealingTerminal, server: LiveServer) -> None:
    location = terminal.create(CASE, "p01", CONTENT).headers["Location"]
    stranger = SealingTerminal(server.url)
    assert stranger.patch(location, 0, CONTENT).status_code == 401
    stranger.close()
    assert terminal.offset(location) == 0


def test_a_refusal_is_heard_while_bytes_are_still_on_their_way(terminal: SealingTerminal) -> None:
    long = bytes(4 * 1024 * 1024)
    location = terminal.create(CASE, "p01", long).headers["Location"]
    for _ in range(3):
        assert terminal.patch(location, 5, long[5:]).status_code == 409
    assert terminal.patch(location, 0, long).status_code == 204


def test_limits_hold(tmp_path: Path, clock: ManualClock) -> None:
    settings = Settings(part_max_bytes=1024, case_max_parts=2, terminal_max_files=6)
    with LiveServer(tmp_path / "p", clock=clock, settings=settings) as live:
        terminal = _enrolled(live)
        assert terminal.create(CASE, "p01", bytes(1025)).json()["code"] == "B413"
        answers = [terminal.create(CASE, f"p{part:02d}", bytes(9)).status_code for part in range(5)]
        assert answers == [201, 201, 201, 201, 413]
        answers = [terminal.create(CASE + "b", f"p{part:02d}", bytes(9)).status_code for part in range(3)]
        assert answers == [201, 201, 413]
        assert len(list((live.data / "files").iterdir())) == 6
        terminal.close()


def test_long_bodies_are_refused(terminal: SealingTerminal) -> None:
    long = b'{"code": "' + b"x" * 300_000 + b'"}'
    assert terminal.ask("POST", "/v1/terminals/enrol", data=long).status_code == 413
    pieces = (long[start : start + 30_000] for start in range(0, len(long), 30_000))
    assert terminal.ask("POST", "/v1/terminals/enrol", data=pieces).status_code == 413


def test_refusals_do_not_quote_what_was_sent(terminal: SealingTerminal) -> None:
    said = {"code": ["欧阳晓禾"], "name": "x", "429006199003075127": 1}
    refused = terminal.ask("POST", "/v1/terminals/enrol", json=said)
    assert refused.status_code == 422
    told = json.dumps(refused.json(), ensure_ascii=False)
    assert "欧阳" not in told
    assert "429006199003075127" not in told
