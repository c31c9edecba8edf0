"""The platform's small parts, each on its own: numbers, rates, words, keys, settings, the shield."""

import io
import json
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.clock import ManualClock, day_of
from backend.database import WrongFolder
from backend.envelope import canonical
from backend.keys import CannotOpen, Keys
from backend.numbers import check_character, format_number, is_number
from backend.platform import FolderTaken, Platform
from backend.rates import Rate
from backend.refusals import Refusal
from backend.serve import LiveServer, serve
from backend.settings import Settings, load_settings
from backend.store import Store, new_name
from backend.words import State, words
from tests.backend.sealing_terminal import SealedCase, SealingTerminal

SERIALS = st.integers(min_value=1, max_value=9_999_999)


def test_the_check_character_is_that_of_gb_11643() -> None:
    assert check_character("11010519491231002") == "X"  # the vector of GB 11643 itself
    assert check_character("0794") == "0"  # ISO 7064's own for MOD 11-2
    assert check_character("079") == "X"


@given(SERIALS, st.dates(min_value=date(2000, 1, 1)))
def test_numbers_check(serial: int, day: date) -> None:
    assert is_number(format_number("429006", day, serial))


@given(SERIALS, st.integers(0, 22), st.sampled_from("0123456789"))
def test_no_mistyped_digit_passes(serial: int, place: int, digit: str) -> None:
    number = format_number("429006", date(2026, 11, 21), serial)
    if number[place] in f"-{digit}":
        return
    assert not is_number(number[:place] + digit + number[place + 1 :])


@given(SERIALS, st.integers(0, 21))
def test_no_swapped_neighbours_pass(serial: int, place: int) -> None:
    number = format_number("429006", date(2026, 11, 21), serial)
    left, right = number[place], number[place + 1]
    if left == right or "-" in (left, right):
        return
    assert not is_number(number[:place] + right + left + number[place + 2 :])


@pytest.mark.parametrize(
    "said", ["", "429006", "429006-20261121-000001-", "429006-20261121-000001-0\n", "٤" * 24]
)
def test_what_is_no_number(said: str) -> None:
    assert not is_number(said)


def test_the_day_begins_in_china() -> None:
    assert day_of(datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert day_of(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_rate_refills() -> None:
    clock = ManualClock()
    rate = Rate(2, clock)
    rate.take("one")
    rate.take("one")
    rate.take("another")
    with pytest.raises(Refusal) as refused:
        rate.take("one")
    assert refused.value.status == 429
    assert refused.value.headers == {"Retry-After": "31"}
    clock.turn(30)
    rate.take("one")
    with pytest.raises(Refusal):
        rate.check("one")


def test_every_state_has_words() -> None:
    assert set(words()) == set(State)
    assert words()[State.RECEIVED].what == "已收件"
    assert words()[State.RECEIVED].department


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ({"名": "㐂𠮷"}, '{"名":"㐂𠮷"}'.encode()),
        ({"a": 'quote " back \\ line \n'}, rb'{"a":"quote \" back \\ line \n"}'),
    ],
)
def test_canonical_json(value: object, said: bytes) -> None:
    assert canonical(value) == said  # type: ignore[arg-type]


def test_keys_are_private_and_stay(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()}
    assert modes == dict.fromkeys(("identity.age", "operator.token", "check.key", "publisher.key"), 0o600)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    again = Keys(tmp_path / "keys")
    assert again.recipient == keys.recipient
    assert again.check_of("n", "1234") == keys.check_of("n", "1234")
    sealed = pyrage.encrypt(b"said", [pyrage.x25519.Recipient.from_str(keys.recipient)])
    assert again.open(sealed) == b"said"


def test_what_is_not_sealed_to_us_cannot_be_opened(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")

    @given(st.binary(max_size=400))
    def refuses(content: bytes) -> None:
        with pytest.raises(CannotOpen):
            keys.open(content)

    refuses()


def test_a_check_is_bound_to_its_case(tmp_path: Path) -> None:
    keys, others = Keys(tmp_path / "one"), Keys(tmp_path / "two")
    said = {keys.check_of("n1", "123X"), keys.check_of("n2", "123X"), others.check_of("n1", "123X")}
    assert len(said) == 3
    assert keys.check_of("n1", "123x") in said


def test_a_lost_key_is_found_at_the_start(tmp_path: Path) -> None:
    Platform(tmp_path, ManualClock(), io.StringIO()).close()
    (tmp_path / "keys" / "identity.age").unlink()
    with pytest.raises(WrongFolder):
        Platform(tmp_path, ManualClock(), io.StringIO())


def test_settings_come_from_the_data_folder(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    (tmp_path / "platform.toml").write_text('region_code = "429004"\n')
    assert load_settings(tmp_path).region_code == "429004"
    (tmp_path / "platform.toml").write_text('region_cod = "429004"\n')
    with pytest.raises(ValidationError, match="region_cod"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    "name", ["", "..", "../keys/identity.age", "A" * 32, "0" * 31, "0" * 32 + "/x", "0" * 32 + "\n"]
)
def test_the_store_takes_only_its_own_names(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    acts: list[Callable[[str], object]] = [
        store.create,
        store.read,
        store.sha256,
        store.durable_size,
        store.remove,
    ]
    for act in acts:
        with pytest.raises(KeyError):
            act(name)
    assert store.names() == set()


def test_what_was_appended_is_there(tmp_path: Path) -> None:
    store, name = Store(tmp_path), new_name()
    store.create(name)
    for piece in (b"one ", b"", b"two"):
        with store.appending(name) as file:
            file.write(piece)
            file.sync()
    assert store.read(name) == b"one two"
    assert store.durable_size(name) == 7
    with pytest.raises(FileExistsError):
        store.create(name)


def test_an_unforeseen_error_is_noted_without_its_words(
    terminal: SealingTerminal, server: LiveServer, journal: io.StringIO
) -> None:
    folder = server.data / "files"
    folder.rename(server.data / "files-moved-away")
    failed = terminal.create("case-0123456789", "p01", b"x")
    assert (failed.status_code, failed.json()["code"]) == (500, "B500")
    (server.data / "files-moved-away").rename(folder)
    assert terminal.create("case-0123456789", "p01", b"x").status_code == 201
    last = json.loads(journal.getvalue().splitlines()[-1])
    assert (last["event"], last["error"]) == ("request_failed", "FileNotFoundError")
    assert last["place"].startswith("store.py:")
    assert set(last) == {"at", "event", "error", "place"}


def test_a_damaged_case_hides_no_other(
    terminal: SealingTerminal, operator: SealingTerminal, sent_case: SealedCase, server: LiveServer
) -> None:
    terminal.hand_in(sent_case)
    manifest = next(file for file in terminal.files(sent_case.case_id) if file["part"] == "p00")
    file = server.data / "files" / manifest["location"].rsplit("/", 1)[1]
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    (row,) = operator.ask("GET", "/v1/operator/cases").json()
    assert (row["citizen_name"], row["acceptance_number"]) == (None, "429006-20261121-000001-0")
    for path in ("", "/document.pdf"):
        damaged = operator.ask("GET", f"/v1/operator/cases/{sent_case.case_id}{path}")
        assert (damaged.status_code, damaged.json()["code"]) == (500, "B501")


def test_the_journal_says_what_happened(
    terminal: SealingTerminal, sent_case: SealedCase, journal: io.StringIO
) -> None:
    terminal.hand_in(sent_case)
    terminal.hand_in(sent_case)
    events = [json.loads(line)["event"] for line in journal.getvalue().splitlines()]
    assert events == ["platform_started", "terminal_enrolled", "case_received", "case_repeated"]


def test_a_folder_that_is_taken(server: LiveServer) -> None:
    second = LiveServer(server.data, journal=io.StringIO())
    with pytest.raises(FolderTaken):
        second.start()
    second.stop()


def test_an_address_that_is_taken(server: LiveServer, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="in use"):
        serve("127.0.0.1", int(server.url.rsplit(":", 1)[1]), tmp_path / "other")


def test_every_call_is_described(server: LiveServer, operator: SealingTerminal) -> None:
    described = operator.ask("GET", "/openapi.json").json()
    calls = {
        (method.upper(), path): call
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    }
    assert ("PATCH", "/v1/files/{upload_id}") in calls
    assert ("PUT", "/v1/cases/{case_id}") in calls
    assert [call for call, said in calls.items() if not said.get("description")] == []
    page = operator.ask("GET", "/docs")
    assert page.headers["Content-Type"].startswith("text/html")
    for method, path in calls:
        assert f"{method}</b> <code>{path}</code>" in page.text
    assert "://" not in page.text.replace("https://tus.io/protocols", "")  # nothing is loaded from elsewhere
