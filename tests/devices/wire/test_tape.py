"""A session recorded at the wire is played back: the tape answers as the device did, and notices a changed driver."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.catalog import DRIVERS, DriverEntry
from devices.emulators import EMULATORS
from devices.errors import Unreachable
from devices.rig import InProcessRig, register_emulators
from devices.wire import open_wire, register_scheme
from devices.wire.tape import (
    Entry,
    Gone,
    Passed,
    Plug,
    RecordingWire,
    Tape,
    TapeError,
    TapeWire,
    parse_tape,
    play,
)
from ground.clock import ManualClock
from tests.conformance.exchanges import EXCHANGES
from tests.conformance.stage import WITH_EXCHANGE, built

ENTRIES: st.SearchStrategy[Entry] = st.one_of(
    st.builds(
        Passed, st.floats(0, 99).map(lambda s: round(s, 6)), st.sampled_from(("device", "host")), st.binary()
    ),
    st.builds(Gone, st.floats(0, 99).map(lambda s: round(s, 6)), st.text(max_size=20)),
    st.builds(Plug, st.booleans()),
)


@given(st.lists(ENTRIES, max_size=8))
def test_what_is_written_is_read(entries: list[Entry]) -> None:
    tape = Tape("sdt", 115200, tuple(entries), scrubbed=True, recorded_at="2026-11-21T09:41:00+08:00")
    assert parse_tape(tape.lines()) == tape


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["{}"],
        ["not json"],
        ['{"tape": 2, "driver": "sdt", "baud": 9600}'],
        ['{"tape": 1, "driver": "sdt", "baud": 9600}', '{"at": 0, "to": "nobody", "hex": ""}'],
        ['{"tape": 1, "driver": "sdt", "baud": 9600}', '{"at": 0, "to": "host", "hex": "0g"}'],
        ['{"tape": 1, "driver": "sdt", "baud": 9600}', "[]"],
    ],
)
def test_what_is_no_tape_is_refused(lines: list[str]) -> None:
    with pytest.raises(TapeError):
        parse_tape(lines)


@contextmanager
def recorder(name: str, clock: ManualClock) -> Iterator[tuple[str, list[Entry], InProcessRig]]:
    """A URL that leads to the emulator of `name` over a recording wire; what passed; the rig."""
    emulator = EMULATORS[name](clock)
    EXCHANGES[name].prepare(emulator)
    rig = register_emulators({name: emulator})[name]
    kept: list[Entry] = []
    register_scheme("record", lambda url, baud: RecordingWire(open_wire(rig.url, baud), clock, kept.append))
    yield "record://device", kept, rig


@pytest.mark.parametrize("entry", WITH_EXCHANGE, ids=lambda entry: entry.name)
def test_every_driver_finds_on_tape_what_it_found_on_the_wire(entry: DriverEntry) -> None:
    clock = ManualClock()
    exchange = EXCHANGES[entry.name]
    with recorder(entry.name, clock) as (url, kept, rig):
        device = built(entry, url, clock)
        device.open()
        live = exchange.asked(device, rig.emulator)
        identity = device.identity()
        device.close()
    assert exchange.right(live)
    tape = parse_tape(Tape(entry.name, 115200, tuple(kept)).lines())

    replayed = built(entry, play(tape, clock), clock)
    replayed.open()
    if entry.kind != "headphones":  # the tape may have told of its jack before anybody could note that
        exchange.begin(replayed)
    assert exchange.ask(replayed) == live
    assert replayed.identity().replace("tape://", "record://device") == identity
    replayed.close()
    with pytest.raises(Unreachable):
        replayed.open()  # the tape holds one opening


def test_a_pulled_plug_is_on_the_tape() -> None:
    clock = ManualClock()
    entry = next(entry for entry in DRIVERS if entry.name == "sdt")
    with recorder("sdt", clock) as (url, kept, rig):
        device = built(entry, url, clock)
        device.open()
        rig.unplug()
        with pytest.raises(Unreachable):
            device.status()
        device.close()
    assert any(isinstance(entry, Gone) for entry in kept)
    replayed = built(entry, play(Tape("sdt", 115200, tuple(kept)), clock), clock)
    replayed.open()
    with pytest.raises(Unreachable):
        replayed.status()


def test_a_driver_that_asks_something_else_has_strayed() -> None:
    tape = [Passed(0.0, "device", b"\x10\x04\x01"), Passed(0.1, "host", b"\x12")]
    wire = TapeWire(tape, ManualClock())
    with pytest.raises(Unreachable, match="strayed"):
        wire.write(b"\x10\x04\x02")


@given(st.lists(st.integers(1, 9), max_size=6))
def test_reads_may_be_cut_otherwise_than_they_were(sizes: list[int]) -> None:
    said = bytes(range(24))
    wire = TapeWire([Passed(0, "host", said[:10]), Passed(0, "host", said[10:])], ManualClock())
    heard = b"".join(wire.read(size, 1.0) for size in sizes)
    assert said.startswith(heard)
    assert len(heard) == min(sum(sizes), len(said))


def test_a_read_past_the_tape_ends_by_its_deadline() -> None:
    clock = ManualClock()
    wire = TapeWire([], clock)
    before = clock.instant()
    assert wire.read(4, 2.5) == b""
    assert clock.instant() - before == pytest.approx(2.5)


def test_what_was_read_comes_when_it_was_read() -> None:
    """Bytes that came later are no part of a read that would have ended before."""
    clock = ManualClock()
    began = clock.instant()
    wire = TapeWire([Passed(0.2, "host", b"ab"), Passed(0.5, "host", b""), Passed(0.9, "host", b"c")], clock)
    assert wire.read(1, 1.0) == b"a"
    assert clock.instant() - began == pytest.approx(0.2)
    assert wire.read(8, 0.0) == b"b"
    assert clock.instant() - began == pytest.approx(0.5)
    assert wire.read(1, 1.0) == b"c"
    assert clock.instant() - began == pytest.approx(0.9)


def test_who_lets_go_before_the_end_has_strayed() -> None:
    told: list[str] = []
    wire = TapeWire([Passed(0, "device", b"a"), Passed(0, "device", b"b")], ManualClock(), told.append)
    wire.write(b"a")
    wire.close()
    wire.close()
    assert told == ["closed with 1 writes left on the tape"]
