"""The power goes at a random write, or at a random instant, again and again; each time the outbox is taken stock of."""

import os
import queue
import random
import subprocess
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.powercut import image
from bench.powercut.disk import VolatileDisk
from bench.powercut.machine import Machine, Trouble

_DISK_MB = 160  # above the spool's reserve of 64 MB
_LONGEST_S = 900.0  # of one life; a quiet machine needs 3 s
_A_LIFE = 1000  # visits of one life begin at a multiple of this
_BY_WRITE = 0.8  # of the cuts: at a write or flush counted beforehand; the others at an instant
_EARLY = 0.25  # of the cuts: while stock is still being taken


@dataclass
class Promises:
    """What the citizens were shown and what was found of it, by visit."""

    kept: dict[int, str] = field(default_factory=dict)  #: local numbers
    rated: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)  #: pages of visits without a receipt
    sent: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def show(self, line: str) -> None:
        """What the machine said while it served."""
        what, *told = line.split()
        match what:
            case "confirmed":
                self.confirmed.add(int(told[0]))
            case "kept":
                self.kept[int(told[0])] = told[1]
                self.confirmed.discard(int(told[0]))
            case "rated":
                self.rated.add(int(told[0]))
            case "sent":
                self.sent.add(int(told[0]))
            case "trouble":
                self.note("corrupt", line)

    def compare(self, lines: list[str]) -> None:
        """Stock, taken whole, against the promises."""
        found: dict[int, tuple[str, str]] = {}
        pages: set[int] = set()
        for line in lines:
            what, *told = line.split()
            if what in ("delivered", "whole", "broken"):
                local, name, evaluation = told
                number = int(name.removeprefix("A-"))
                if number in found:
                    self.note("doubled", line)
                found[number] = (local, evaluation)
                if what == "broken":
                    self.note("corrupt", line)
                if what == "delivered" and number not in self.sent:
                    self.sent.add(
                        number
                    )  # the power went between its commit and the line that would have said so
            elif what == "page":
                pages.add(int(told[0]))
            elif what == "harmed" or (what in ("sound", "rebuilt") and told != ["0"]):
                self.note("corrupt", line)
            if what == "rebuilt":
                self.counts["rebuilt"] += 1
        self._settle(found, pages)

    def _settle(self, found: dict[int, tuple[str, str]], pages: set[int]) -> None:
        for number, local in self.kept.items():
            if number not in found:
                self.note("lost", f"visit {number} ({local})")
            elif found[number][0] != local:
                self.note("corrupt", f"visit {number}: {found[number][0]} instead of {local}")
        for number in self.rated:
            if number in found and found[number][1] == "None":
                self.note("lost", f"the rating of visit {number}")
        locals_found = [local for local, _ in found.values()]
        if len(set(locals_found)) != len(locals_found):
            self.note("doubled", "a local number")
        for number in self.confirmed - pages - found.keys():
            self.note("lost", f"the page of visit {number}")
        self.counts["pages checked"] += len(self.confirmed & pages)
        self.counts["unthanked"] = len(found.keys() - self.kept.keys())
        self.confirmed.clear()  # the stocktaking drops them, as the product's own rule would in the end

    def note(self, kind: str, what: str) -> None:
        """Count a fault."""
        self.counts[kind] += 1
        self.faults.append(f"{kind}: {what}")
        print(self.faults[-1], flush=True)


class Cuts:
    """One machine, one disk, many cuts."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._rng = random.Random(seed)
        self.promises = Promises()
        self.kernel, modules = image.kernel(folder / "kernel")
        image.initramfs(folder / "initramfs", modules)
        raw = folder / "disk.raw"
        with raw.open("wb") as file:
            file.truncate(_DISK_MB * 1024 * 1024)
        subprocess.run(
            ["mkfs.ext4", "-q", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(raw)],
            check=True,
        )
        self._socket = folder / "nbd"
        self.disk = VolatileDisk(raw.read_bytes(), self._socket, self._rng)
        self._state = folder / "state"
        self.cuts = 0

    def warm_up(self) -> None:
        """Boot once, and keep the moment at which everything is imported and the disk was not yet looked at."""
        machine = Machine(self._folder, self.kernel, self._socket)
        machine.hear_until("warm")
        machine.keep_state(self._state)

    def cut_once(self, *, last: bool = False) -> None:
        """Switch on, take stock, serve, and lose the power somewhere. `last`: only take stock, undisturbed."""
        self.cuts += not last
        machine = Machine(self._folder, self.kernel, self._socket, state=self._state)
        cut = threading.Event()
        early = self._rng.random() < _EARLY
        machine.say(f"go {self.cuts * _A_LIFE} {os.urandom(32).hex()}")
        if early and not last:
            self.disk.cut_after(self._rng.randint(1, 40), cut.set)
        stock, lines = self._listen(machine, cut, last=last, early=early)
        lines += machine.cut()
        self.disk.lose()
        taken = "taken" in stock
        if taken:
            self.promises.compare(stock)
        for line in lines:
            self.promises.show(line)
        if last and not taken:
            self.promises.note("corrupt", f"no stock could be taken: {stock[-1:]}")

    def _listen(
        self, machine: Machine, cut: threading.Event, *, last: bool, early: bool
    ) -> tuple[list[str], list[str]]:
        """Lines until the cut: those of the stocktaking, and those after it."""
        stock: list[str] = []
        lines: list[str] = []
        clock = machine.clock
        ends, instant = clock.after(_LONGEST_S), float("inf")
        while not cut.is_set() and not clock.due(instant):
            if clock.due(ends):
                raise Trouble("nothing happens any more")
            try:
                line = machine.hear(0.02)
            except queue.Empty:
                continue
            if line is None:
                raise Trouble("the machine went by itself")
            (lines if "taken" in stock else stock).append(line)
            if line.startswith("trouble"):
                self.promises.note("corrupt", line)
                break
            if line == "taken" and last:
                break
            if line == "taken" and not early:
                if self._rng.random() < _BY_WRITE:
                    self.disk.cut_after(self._rng.randint(1, 150), cut.set)
                else:
                    instant = clock.after(self._rng.uniform(0.0, 4.0))
        return stock, lines
