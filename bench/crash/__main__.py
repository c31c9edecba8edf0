"""`python -m bench.crash [--minutes N] [--seed S]`: kill, cut, fill and fail at random; then compare.

`python -m bench.crash faults` fails every system call of a hand-in once, at each place. See docs/how-to/crash-test.md.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.crash import faults
from bench.crash.storm import Told, run


def main(arguments: Sequence[str]) -> int:
    """Run what is asked; 1 unless nothing was lost, doubled or corrupt."""
    parser = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", metavar="faults")
    places = verbs.add_parser("faults", help="every system call of a hand-in failed once, at each place")
    places.add_argument("deeds", nargs="*", help=", ".join(f'"{deed.name}"' for deed in faults.DEEDS))
    places.add_argument("--every", type=int, default=1, help="only every so many places: a quick look")
    places.add_argument("--only", metavar="CALL", help="only calls of this name, such as fdatasync")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, help="what happens when; drawn and told when it is not given")
    parser.add_argument("--keep", type=Path, help="leave everything in this new folder")
    asked = parser.parse_args(arguments)
    if asked.verb == "faults":
        return faults.run(asked)
    seed = random.SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="crash-")) / "run"
    told = run(asked.minutes, seed, folder.resolve())
    if asked.keep is None:
        shutil.rmtree(folder.parent)
    return say(told)


def say(told: Told) -> int:
    """Print it; the exit code."""
    for name, value in told.facts.items():
        print(f"{name}: {value}")
    for fault in told.reckoning.faults[:40]:
        print(fault)
    print(told.last_line, flush=True)
    return 0 if told.reckoning.clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
