"""`python -m bench [NAME…] [--json] [--rounds N]`: run the benchmarks and print one line per ratio.

Speed is measured, never tested: the exit code is 0 whatever the figures are. A benchmark that breaks is an error.
"""

import argparse
import dataclasses
import importlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bench.report import Ratio

#: each is a module of this folder with `measure(rounds=…) -> list[Ratio]`
NAMES = (
    "id_card",
    "visit",
    "catalogue",
    "face",
    "face_views",
    "face_cost",
    "input",
    "outbox",
    "logbook",
    "upload",
    "interop",
    "recovery",
    "fault_notice",
    "capture",
    "corners",
    "verdicts",
    "receipt",
    "replug",
    "codes",
    "reading",
    "fuzz",
)

_HEAD = """{when}, {cores} cores, load average {load}
Only ratios count, and only those of one run: both sides of each were measured on this machine, just now.
  ratio   limit        what / against what"""


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked and print it. Raises whatever breaks in a benchmark."""
    asked = _parser().parse_args(arguments)
    when, load = datetime.now(UTC).replace(microsecond=0), [round(part, 2) for part in os.getloadavg()]
    if not asked.json:
        spoken = " ".join(f"{part:.2f}" for part in load)
        print(_HEAD.format(when=f"{when:%Y-%m-%d %H:%M} UTC", cores=os.cpu_count(), load=spoken), flush=True)
    told = []
    for bench, ratio in _measured(asked.names or NAMES, asked.rounds):
        told.append({"bench": bench, **dataclasses.asdict(ratio), "verdict": ratio.verdict})
        if not asked.json:
            print(ratio.line(), flush=True)
    if asked.json:
        facts = {"at": when.isoformat(), "cores": os.cpu_count(), "load": load, "ratios": told}
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="ratios against peers and limits")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES), type=_name)
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    parser.add_argument(
        "--rounds", type=_count, help="how often each thing is done; default: each bench's own"
    )
    return parser


def _measured(names: Sequence[str], rounds: int | None) -> Iterator[tuple[str, Ratio]]:
    for name in names:
        bench = importlib.import_module(f"bench.{name}")
        for ratio in bench.measure() if rounds is None else bench.measure(rounds):
            yield name, ratio


def _name(text: str) -> str:
    if text not in NAMES:
        raise argparse.ArgumentTypeError(f"no benchmark {text}; there are {', '.join(NAMES)}")
    return text


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
