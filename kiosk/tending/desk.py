"""The stage of tending on a real terminal: a thread for what takes its time, and the devices that are lent and back."""

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from devices.chip_card import ChipCardReader
from devices.id_card import IdCardReader
from ground.clock import Clock
from kiosk.intake.stick import Stick, StickError
from kiosk.tending import events as te
from kiosk.tending.bench import Bench, Outcome, Stopped, Talk
from kiosk.tending.entry import EntryDesk
from kiosk.tending.passes import LONGEST, NAME
from kiosk.tending.roles import Role
from kiosk.tending.stage import BundleTo, Page
from kiosk.workers import Worker

_CARD_EVERY_S: Final = 0.3
_CARD_DEADLINE_S: Final = 12.0
_STICK_EVERY_S: Final = 1.0
_STICK_DEADLINE_S: Final = 10.0
_DOOR_DEADLINE_S: Final = 20.0  # scrypt takes a third of a second on a slow core
_LET_GO_S: Final = 15.0  # a still of 13 MP, or a slip that is being cut, ends by then
_PAGE_DEADLINE_S: Final = 90.0  # asks every device and the platform
_TEST_DEADLINE_S: Final = 290.0
_ANSWER_S: Final = 120.0  # whoever does not answer by then has gone


@dataclass(frozen=True, slots=True)
class Keys:
    """By what else than a PIN somebody can enter."""

    id_card: Worker[IdCardReader] | None = None
    chip_card: Worker[ChipCardReader] | None = None
    stick: Worker[Stick] | None = None


class BenchJob:
    """Something that the bench does; whoever waits for its end looks now and then."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._do, self._over = do, threading.Event()

    def run(self, bench: Bench) -> None:
        """On the bench's thread."""
        try:
            self._do()
        finally:
            self._over.set()

    def lost(self, code: str) -> None:
        """The bench did not come to it, or not to its end."""
        self._over.set()

    def is_alive(self) -> bool:
        """Whether it goes on."""
        return not self._over.is_set()

    def join(self) -> None:
        """It is over already: nobody asks sooner."""


class TendingDesk:
    """Implements `kiosk.tending.stage.TendingStage`. Called from the main thread; `post` from any."""

    def __init__(
        self,
        entry: EntryDesk,
        bench: Worker[Bench],
        devices: Sequence[Worker[Any]],
        keys: Keys,
        post: Callable[[te.TendingAnswer], None],
        clock: Clock,
        train: Callable[[], None] = lambda: None,
        renew: Callable[[], None] = lambda: None,
    ) -> None:
        """`devices`: those of the citizens' side. `train` begins training, `renew` wants a fresh face."""
        self._entry, self._bench, self._devices, self._keys = entry, bench, tuple(devices), keys
        self._post, self._clock, self._train = post, clock, train
        self._renew = renew
        self._answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._running = 0  #: the ticket of the test that may go on

    # --- the door ---

    def open_door(self, ticket: int) -> None:
        """See `TendingStage`."""
        self._ask(
            ticket,
            lambda _: self._post(te.DoorSeen(ticket, self._entry.ways(), self._entry.wait_s())),
            _DOOR_DEADLINE_S,
        )
        entry, post, keys = self._entry, self._post, self._keys

        def look_for_card(reader: IdCardReader) -> None:
            card = reader.read_card()
            if card is not None:
                post(entry.by_card(ticket, f"id:{card.number}"))

        def look_for_chip(reader: ChipCardReader) -> None:
            card = reader.read_card()
            said = "" if card is None else card.identification_code or card.card_number
            if said:
                post(entry.by_card(ticket, f"chip:{said}"))

        tried = ""

        def look_for_pass(stick: Stick) -> None:
            nonlocal tried
            try:
                text = stick.text(NAME, LONGEST)
            except StickError:
                text = ""
            if text and text != tried:
                post(entry.by_pass(ticket, text))
            tried = text

        if keys.id_card is not None:
            keys.id_card.watch(look_for_card, _nobody, _CARD_EVERY_S, _CARD_DEADLINE_S)
        if keys.chip_card is not None:
            keys.chip_card.watch(look_for_chip, _nobody, _CARD_EVERY_S, _CARD_DEADLINE_S)
        if keys.stick is not None:
            keys.stick.watch(look_for_pass, _nobody, _STICK_EVERY_S, _STICK_DEADLINE_S)

    def try_pin(self, ticket: int, person: str, pin: str) -> None:
        """See `TendingStage`."""
        self._ask(ticket, lambda _: self._post(self._entry.by_pin(ticket, person, pin)), _DOOR_DEADLINE_S)

    def close_door(self) -> None:
        """See `TendingStage`."""
        for worker in (self._keys.id_card, self._keys.chip_card, self._keys.stick):
            if worker is not None:
                worker.unwatch()

    # --- vendor mode ---

    def release(self, ticket: int) -> None:
        """See `TendingStage`."""
        asked = [(worker.name, worker.lend()) for worker in self._devices]

        def confirm(_: Bench) -> None:
            limit = self._clock.after(_LET_GO_S)
            stuck = tuple(name for name, gone in asked if not gone.wait(self._clock.left(limit)))
            self._post(te.Released(ticket, stuck))

        self._ask(ticket, confirm, _LET_GO_S + 5)

    def take_back(self) -> None:
        """See `TendingStage`. On the bench's thread: not before what it does now has let go."""
        self._running = 0
        self._answers.put(False)

        def back(*_: object) -> None:
            for worker in self._devices:
                worker.take_back()

        self._bench.ask(back, back, _DOOR_DEADLINE_S)

    # --- inside ---

    def show(self, ticket: int, page: Page, role: Role) -> None:
        """See `TendingStage`."""
        self._ask(
            ticket,
            lambda bench: self._post(te.PageSeen(ticket, bench.lines(page, role))),
            _PAGE_DEADLINE_S,
        )

    def test(self, ticket: int, name: str, person: str) -> None:
        """See `TendingStage`."""
        self._try(ticket, lambda bench, talk: bench.test(name, person, talk))

    def refilled(self, ticket: int, supply: str, person: str) -> None:
        """See `TendingStage`."""
        self._try(ticket, lambda bench, talk: bench.refill(supply, person, talk))

    def judge(self, passed: bool) -> None:
        """See `TendingStage`."""
        self._answers.put(passed)

    def stop(self) -> None:
        """See `TendingStage`."""
        self._running = 0
        self._answers.put(False)

    def keep(self, name: str, result: str, person: str) -> None:
        """See `TendingStage`."""
        self._bench.ask(lambda bench: bench.keep(name, result, person), _nobody, _DOOR_DEADLINE_S)

    def bundle(self, ticket: int, to: BundleTo, person: str, role: Role) -> None:
        """See `TendingStage`."""
        self._running = ticket
        post = self._post

        def goes(stage: te.BundleStage, done: int, of: int) -> None:
            if self._running != ticket:
                raise Stopped
            post(te.BundleGoes(ticket, stage, done, of))

        def run(bench: Bench) -> None:
            with suppress(Stopped):
                post(te.BundleEnded(ticket, bench.bundle(to, person, role, goes)))

        self._ask(ticket, run, _TEST_DEADLINE_S)

    def adjust(self, ticket: int, act: str, person: str, role: Role) -> None:
        """See `TendingStage`. Its work is done on the bench's thread: devices are given back after it."""
        self._running = ticket

        def start(do: Callable[[], None]) -> BenchJob:
            job = BenchJob(do)
            self._bench.ask(job.run, job.lost, _TEST_DEADLINE_S)
            return job

        def begin(bench: Bench) -> None:
            made = bench.adjusting(act, person, role, start, lambda: self._running != ticket)
            code = made if isinstance(made, str) else ""
            self._post(te.AdjustReady(ticket, None if isinstance(made, str) else made, code))

        self._ask(ticket, begin, _PAGE_DEADLINE_S)

    def renew(self) -> None:
        """See `TendingStage`."""
        self._renew()

    def sign(self, ticket: int) -> None:
        """See `TendingStage`."""
        self._ask(ticket, lambda bench: self._post(te.Signed(ticket, bench.statement())), _PAGE_DEADLINE_S)

    def train(self) -> None:
        """See `TendingStage`."""
        self._train()

    def _try(self, ticket: int, do: Callable[[Bench, Talk], Outcome]) -> None:
        self._running = ticket
        post = self._post

        def stopped() -> bool:
            return self._running != ticket

        def ask(question: str) -> bool:
            while not self._answers.empty():
                self._answers.get_nowait()  # what was said before the question
            if stopped():
                raise Stopped
            post(te.Asked(ticket, question))
            try:
                passed = self._answers.get(timeout=_ANSWER_S)
            except queue.Empty as error:
                raise Stopped from error
            if stopped():
                raise Stopped
            return passed

        def show(picture: bytes) -> None:
            post(te.Shown(ticket, picture))

        def run(bench: Bench) -> None:
            try:
                talk = Talk(lambda line: post(te.Told(ticket, line)), ask, stopped, show)
                done = do(bench, talk)
            except Stopped:
                return
            post(te.Tested(ticket, done.result, done.code, done.hint))

        self._ask(ticket, run, _TEST_DEADLINE_S)

    def _ask(self, ticket: int, do: Callable[[Bench], None], deadline_s: float) -> None:
        self._bench.ask(do, lambda code: self._post(te.TendingFailed(ticket, code)), deadline_s)


def _nobody(code: str) -> None:
    """A key that cannot be read opens nothing; health says the rest."""
