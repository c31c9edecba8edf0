"""How every serial driver behaves when its device speaks, speaks nonsense, or says nothing (house style, section 5).

In-process and on a manual clock: a deadline costs its length there and nothing here.
"""

import functools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.catalog import DriverEntry
from devices.errors import DeviceError, Garbled, Refused, TimedOut, Unreachable
from tests.conformance.exchanges import EXCHANGES, Exchange
from tests.conformance.stage import WITH_EXCHANGE, Line, Nonsense, built, stage, stage_on_line

every_driver = pytest.mark.parametrize("entry", WITH_EXCHANGE, ids=lambda entry: entry.name)
SLACK = 1.1  # house style: a deadline may be overrun by a tenth
ASKS_UNTIL_WELL = 4  # what a worker may ask of a device that had a bad moment


@functools.cache
def whole_answer(entry: DriverEntry) -> bytes:
    """All that the emulator says in one undisturbed exchange."""
    with stage_on_line(entry) as (scene, line):
        heard = bytearray()

        def listen(said: bytes) -> bytes:
            heard.extend(said)
            return said

        line.hand = listen
        assert scene.exchange.right(scene.ask())
    return bytes(heard)


def told(ask: Callable[[], object]) -> object:
    """The value, or the error if it is one that a device may raise."""
    try:
        return ask()
    except DeviceError as error:
        return error


def is_silence(exchange: Exchange, said: object) -> bool:
    """Whether the driver says that the device did not answer."""
    return isinstance(said, TimedOut) or exchange.unsure(said)


@every_driver
def test_opens_and_closes_twice(entry: DriverEntry) -> None:
    with stage(entry) as scene:
        for _ in range(2):
            scene.device.open()
            scene.exchange.prepare(scene.emulator)
            assert scene.exchange.right(scene.ask())
            assert scene.device.identity()
            scene.device.close()
            scene.device.close()
        with pytest.raises(DeviceError):
            scene.ask()


@every_driver
def test_open_on_a_silent_device(entry: DriverEntry) -> None:
    with stage(entry) as scene:
        scene.emulator.mute = True
        before = scene.clock.instant()
        said = told(scene.device.open)
        # who cannot be asked cannot be missed: opening takes the port, and what is then not heard is no error
        assert is_silence(scene.exchange, told(scene.ask) if scene.exchange.speaks_only else said)
        spent = scene.exchange.open_deadline_s + scene.exchange.deadline_s * scene.exchange.speaks_only
        assert scene.clock.instant() - before <= spent * SLACK
        scene.emulator.mute = False
        scene.device.open()
        assert scene.exchange.right(scene.ask())


@every_driver
def test_a_device_that_falls_silent(entry: DriverEntry) -> None:
    with stage(entry) as scene:
        scene.device.open()
        scene.emulator.mute = True
        for _ in range(2):
            before = scene.clock.instant()
            assert is_silence(scene.exchange, told(scene.ask))
            assert scene.clock.instant() - before <= scene.exchange.deadline_s * SLACK


@every_driver
def test_absent(entry: DriverEntry) -> None:
    with stage(entry) as scene:
        scene.rig.unplug()
        for url in (scene.rig.url, "emu://nobody", "/dev/serial/by-id/nothing-here", "socket://127.0.0.1:1"):
            device = built(entry, url, scene.clock)
            with pytest.raises(Unreachable):
                device.open()
            device.close()


@every_driver
def test_answers_in_single_bytes(entry: DriverEntry) -> None:
    with stage_on_line(entry) as (scene, line):
        line.trickle()
        assert scene.exchange.right(scene.ask())


@every_driver
def test_answers_cut_at_every_byte(entry: DriverEntry) -> None:
    """A part is never taken for the whole, and costs no more than silence."""
    size = len(whole_answer(entry)) - EXCHANGES[entry.name].tail
    assert size >= EXCHANGES[entry.name].shortest_answer
    for cut in range(size):
        with stage_on_line(entry) as (scene, line):
            line.cut_after(cut)
            said = told(scene.ask)
            silence = is_silence(scene.exchange, said)
            assert silence or (cut and isinstance(said, Garbled)), f"cut after {cut} of {size} bytes: {said}"


@every_driver
@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.99])
def test_well_again_after_a_cut(entry: DriverEntry, part: float) -> None:
    """Without being reopened, and without anything that the citizen would have to do."""
    with stage_on_line(entry) as (scene, line):
        line.cut_after(int((len(whole_answer(entry)) - scene.exchange.tail) * part))
        told(scene.ask)
        line.hand = bytes
        assert any(scene.exchange.right(told(scene.ask)) for _ in range(ASKS_UNTIL_WELL))


@every_driver
@given(replies=st.lists(st.binary(max_size=80), min_size=1, max_size=4))
@settings(deadline=None, max_examples=60)
def test_arbitrary_bytes(entry: DriverEntry, replies: list[bytes]) -> None:
    """`Garbled`, a refusal or a value, nothing else; `TimedOut` only where the bytes may be no answer at all."""
    with stage(entry, Nonsense) as scene:
        nonsense = scene.rig.emulator
        assert isinstance(nonsense, Nonsense)
        scene.device.open()
        for verb in (scene.ask, scene.device.open):
            nonsense.replies = iter(replies)
            said = told(verb)
            if isinstance(said, DeviceError):
                enough = len(replies[0]) >= scene.exchange.shortest_answer
                must_be_heard = enough and not scene.exchange.speaks_unasked
                assert isinstance(said, Garbled | Refused | (Garbled if must_be_heard else TimedOut)), said
            scene.device.close()


@every_driver
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_damaged_answers(entry: DriverEntry, data: st.DataObject) -> None:
    """Bytes changed, lost and added anywhere in true answers end in an error or a value, not in a crash."""
    damaged = bytearray(whole_answer(entry))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(0, len(damaged) - 1)))
        damaged[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    with stage(entry, Nonsense) as scene:
        nonsense = scene.rig.emulator
        assert isinstance(nonsense, Nonsense)
        scene.device.open()
        nonsense.replies = iter([bytes(damaged)])
        assert not isinstance(told(scene.ask), Unreachable)


@every_driver
def test_a_late_answer_is_not_the_next_one(entry: DriverEntry) -> None:
    with stage_on_line(entry) as (scene, line):
        release = line.hold()
        assert is_silence(scene.exchange, told(scene.ask))
        scene.exchange.change(scene.emulator)
        release()
        answers = [told(scene.ask) for _ in range(ASKS_UNTIL_WELL)]
        errors = [answer for answer in answers if isinstance(answer, DeviceError)]
        values = [answer for answer in answers if answer not in errors and not scene.exchange.unsure(answer)]
        assert values
        assert all(scene.exchange.changed(value) for value in values), values


@every_driver
def test_unplugged_in_the_middle_of_an_answer(entry: DriverEntry) -> None:
    size = len(whole_answer(entry))
    for at in {0, 1, size // 2, size - 1}:
        with stage_on_line(entry) as (scene, line):
            pull_out_after(line, scene.rig.unplug, at)
            assert isinstance(told(scene.ask), Unreachable)
            scene.device.close()
            with pytest.raises(Unreachable):
                scene.device.open()
            line.hand = bytes
            scene.rig.replug()
            scene.exchange.prepare(scene.emulator)
            scene.device.open()
            assert scene.exchange.right(scene.ask())


def pull_out_after(line: Line, unplug: Callable[[], None], count: int) -> None:
    """Pull the plug when `count` bytes have passed."""
    passed = 0

    def pull(said: bytes) -> bytes:
        nonlocal passed
        passed += len(said)
        if said and passed > count:
            unplug()
        return said[: max(0, len(said) - (passed - count))]

    line.hand = pull
