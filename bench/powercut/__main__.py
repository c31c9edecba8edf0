"""`python -m bench.powercut [--cuts N] [--seed S]`: power cuts of a small machine. See docs/how-to/crash-test.md."""

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.powercut.cuts import Cuts
from bench.powercut.image import NoKernel
from bench.powercut.machine import available
from ground.clock import RealClock


def main(arguments: Sequence[str]) -> int:
    """Cut as often as asked; 1 unless nothing was lost, doubled or corrupt, 2 when there is no emulator or kernel."""
    parser = argparse.ArgumentParser(prog="python -m bench.powercut", description=__doc__)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--seed", type=int)
    asked = parser.parse_args(arguments)
    if not available():
        print("apt-get install qemu-system-x86 busybox-static e2fsprogs")
        return 2
    seed = random.SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="powercut-") as folder:
        try:
            cuts = Cuts(Path(folder), seed)
        except NoKernel as error:
            print(f"Debian's kernel cannot be had: {error}")
            return 2
        return _cut(cuts, asked.cuts)


def _cut(cuts: Cuts, count: int) -> int:
    clock = RealClock()
    began = clock.instant()
    cuts.warm_up()
    print(f"warm after {clock.instant() - began:.0f} s", flush=True)
    began = clock.instant()
    for _ in range(count):
        cuts.cut_once()
        if cuts.cuts % 10 == 0:
            print(_line(cuts), f"{(clock.instant() - began) / cuts.cuts:.1f} s a cut", flush=True)
    cuts.cut_once(last=True)
    counts = cuts.promises.counts
    print(f"pages checked: {counts['pages checked']}, kept without a receipt: {counts['unthanked']}")
    print(f"databases rebuilt: {counts['rebuilt']}")
    print(f"sectors lost: {cuts.disk.lost_sectors}, flushes: {cuts.disk.flushes}")
    print(_line(cuts), flush=True)
    return 1 if cuts.promises.faults else 0


def _line(cuts: Cuts) -> str:
    told = cuts.promises
    wrong = ", ".join(f"{told.counts[kind]} {kind}" for kind in ("lost", "doubled", "corrupt"))
    return f"{len(told.kept)} acknowledged, {len(told.sent)} delivered, {wrong}, {cuts.cuts} power cuts"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
