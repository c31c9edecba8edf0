"""Every recorded session is played to its driver again: it must ask the same and make the same of every answer.

A situation is two files: tapes/<driver>/<situation>.jsonl, which `devices record` wrote, and beside it
<situation>.expected.json, which `devices replay` wrote and a person read (docs/how-to/mount-devices.md).
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devices.catalog import DRIVERS
from devices.emulators.sample_cards import SAMPLE_CARDS
from devices.wire.tape import Entry, Passed, Tape, load_tape
from kiosk.words import Words
from tools.assemble import WORDS
from tools.technician.replay import digest, replayed

TAPES = Path(__file__).parent / "tapes"
FILES = sorted(TAPES.glob("*/*.jsonl"))
TOLD = Words.load(WORDS, "zh-Hans")


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def expectation(path: Path) -> dict[str, Any]:
    beside = path.with_suffix(".expected.json")
    assert beside.is_file(), (
        f"nothing says what to expect of {name_of(path)}; if this is what the device did, keep it in "
        f"{beside.name}:\n{json.dumps(replayed(load_tape(path), TOLD), ensure_ascii=False, indent=1)}"
    )
    told: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
    return told


def taped(name: str) -> tuple[Tape, dict[str, Any]]:
    path = TAPES / f"{name}.jsonl"
    return load_tape(path), expectation(path)


def behaviour(told: dict[str, Any]) -> dict[str, Any]:
    """What the driver did, without the tape's own digest."""
    return {key: value for key, value in told.items() if key != "tape_sha256"}


def flipped(tape: Tape, place: int, byte: int) -> Tape:
    """`tape` with one byte inverted in the bytes that passed at `place`."""
    entries: list[Entry] = list(tape.entries)
    entry = entries[place]
    assert isinstance(entry, Passed)
    data = bytearray(entry.data)
    data[byte] ^= 0xFF
    entries[place] = replace(entry, data=bytes(data))
    return replace(tape, entries=tuple(entries))


def said(tape: Tape, to: str) -> Iterator[tuple[int, Passed]]:
    """The places on `tape` where bytes passed that way."""
    for place, entry in enumerate(tape.entries):
        if isinstance(entry, Passed) and entry.to == to and entry.data:
            yield place, entry


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_driver_makes_of_the_tape_what_it_made_then(path: Path) -> None:
    tape = load_tape(path)
    assert tape.driver == path.parent.name
    told = replayed(tape, TOLD)
    assert told["strayed"] == []
    assert told == expectation(path)


def test_there_are_tapes_of_real_drivers_and_no_expectation_lacks_its_tape() -> None:
    recorded = {path.parent.name for path in FILES}
    assert recorded <= {entry.name for entry in DRIVERS if entry.reach == "wire"}
    assert recorded >= {
        "sdt", "escpos", "neutral_evaluator", "raw_key_evaluator", "serial_scanner", "modbus_signals",
    }  # fmt: skip
    expected = {
        path.with_name(path.name.replace(".expected.json", ".jsonl")) for path in TAPES.glob("*/*.json")
    }
    assert expected == set(FILES)


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "sdt"], ids=name_of)
def test_only_invented_people_are_on_tape(path: Path) -> None:
    assert load_tape(path).scrubbed
    read = [answer["answer"] for answer in expectation(path)["answers"] if answer["verb"] == "read_card"
            and answer.get("answer")]  # fmt: skip
    assert {card["number"] for card in read} <= {card.number for card in SAMPLE_CARDS.values()}
    assert all(card["photo"].startswith("1024 bytes") for card in read)


# --- a tape that was edited, or a driver that changed, is noticed ---


@pytest.mark.parametrize(
    "path", [path for path in FILES if any(said(load_tape(path), "device"))], ids=name_of
)
def test_a_byte_flipped_in_what_the_driver_asked_is_noticed(path: Path) -> None:
    tape, wanted = load_tape(path), behaviour(expectation(path))
    asked = list(said(tape, "device"))
    for place, entry in dict([*asked[:3], *asked[-2:]]).items():
        told = replayed(flipped(tape, place, len(entry.data) - 1), TOLD)
        assert told["strayed"]
        assert behaviour(told) != wanted


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_any_flipped_byte_makes_it_another_tape(path: Path) -> None:
    """Also one that means nothing to the driver: what is expected was read off this tape alone."""
    tape, wanted = load_tape(path), expectation(path)
    for place, _ in (*said(tape, "device"), *said(tape, "host")):
        assert digest(flipped(tape, place, 0)) != wanted["tape_sha256"]


def test_a_byte_flipped_in_what_the_card_said_changes_the_answer() -> None:
    tape, wanted = taped("sdt/resident")
    place, entry = max(said(tape, "host"), key=lambda found: len(found[1].data))
    for byte in range(0, len(entry.data), 61):
        assert behaviour(replayed(flipped(tape, place, byte), TOLD)) != behaviour(wanted)
    assert behaviour(replayed(tape, TOLD)) == behaviour(wanted)


@pytest.mark.parametrize(
    "name", ["neutral_evaluator/fourth_key", "serial_scanner/qr_code", "modbus_signals/somebody_stands_there"]
)
def test_a_byte_flipped_in_what_a_device_said_last_changes_the_answer(name: str) -> None:
    tape, wanted = taped(name)
    place, _ = list(said(tape, "host"))[-1]
    assert behaviour(replayed(flipped(tape, place, 0), TOLD)) != behaviour(wanted)


def test_a_driver_that_lets_go_too_early_has_strayed() -> None:
    tape, _ = taped("sdt/no_card")
    silent = [entry for entry in tape.entries if not (isinstance(entry, Passed) and entry.to == "host")]
    told = replayed(replace(tape, entries=tuple(silent)), TOLD)
    assert "left on the tape" in told["strayed"][-1]
