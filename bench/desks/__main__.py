"""`python -m bench.desks DIR [--each N] [--kinds A,B] [--size WxH] [--worst N]`: pictures and truth, to look at.

Writes every picture as PNG and `truth.json`: [{file, kind, number, held_back, sheets: [[[x, y] × 4]]}]. With
`--worst N` only the N pictures on which the kiosk's finder does worst, truth drawn green, found drawn red; held-back
pictures are left out of these unless `--held-back` asks for them.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.desks import EMPTY, SEVERAL, Desk, desk
from bench.desks.camera import Pixels, Size
from bench.desks.kinds import KINDS
from bench.desks.outlines import jaccard

_TRUTH, _FOUND = (60, 200, 0), (0, 0, 255)


def main(arguments: Sequence[str]) -> int:
    """Write what is asked for."""
    asked = _parser().parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    pictures = _pictures(asked.kinds, asked.each, asked.size)
    if asked.worst:
        pictures = (looked for looked in pictures if asked.held_back or not looked.held_back)
        _draw_worst(pictures, asked.worst, asked.folder)
    else:
        _write(pictures, asked.folder)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.desks", description="generated desks as files")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--each", type=int, default=6, help="pictures of every kind; default 6")
    parser.add_argument("--kinds", type=_kinds, default=[*KINDS, EMPTY, SEVERAL], help="names, with commas")
    parser.add_argument("--size", type=_size, default=(1280, 960), help="e.g. 4208x3120; default 1280x960")
    parser.add_argument("--worst", type=int, default=0, help="only so many, the worst found, outlines drawn")
    parser.add_argument("--held-back", action="store_true", help="the worst may be held-back pictures, too")
    return parser


def _kinds(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in {*KINDS, EMPTY, SEVERAL}]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no kind {unknown[0]}; there are {', '.join((*KINDS, EMPTY, SEVERAL))}"
        )
    return names


def _size(text: str) -> Size:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _pictures(kinds: Sequence[str], each: int, size: Size) -> Iterator[Desk]:
    return (desk(kind, number, size) for kind in kinds for number in range(each))


def _write(pictures: Iterator[Desk], folder: Path) -> None:
    told = []
    for looked in pictures:
        name = f"{looked.kind}-{looked.number:03d}.png"
        (folder / name).write_bytes(cv2.imencode(".png", looked.pixels)[1].tobytes())
        sheets = [np.round(corners, 3).tolist() for corners in looked.sheets]
        told.append(
            {
                "file": name,
                "kind": looked.kind,
                "number": looked.number,
                "held_back": looked.held_back,
                "sheets": sheets,
            }
        )
    (folder / "truth.json").write_text(json.dumps(told, indent=1))


def _draw_worst(pictures: Iterator[Desk], count: int, folder: Path) -> None:
    from bench.corners import found_in  # the generator itself knows nothing of the kiosk

    worst: list[tuple[float, str, Pixels]] = []
    for looked in pictures:
        found = found_in(looked.pixels)
        score = _score(looked, found)
        name = f"{score:.3f}-{looked.kind}-{looked.number:03d}.png"
        worst = sorted([*worst, (score, name, _drawn(looked, found))], key=lambda one: one[:2])[:count]
    for _, name, drawn in worst:
        (folder / name).write_bytes(cv2.imencode(".png", drawn)[1].tobytes())


def _score(looked: Desk, found: Sequence[NDArray[np.float32]]) -> float:
    """0…1: one sheet by Jaccard; several and none by whether as many were found."""
    if len(looked.sheets) == 1:
        return jaccard(found[0], looked.sheets[0]) if found else 0.0
    return float(len(found) == len(looked.sheets))


def _drawn(looked: Desk, found: Sequence[NDArray[np.float32]]) -> Pixels:
    drawn = looked.pixels.copy()
    for outlines, colour in ((looked.sheets, _TRUTH), (found, _FOUND)):
        for outline in outlines:
            points = np.rint(np.asarray(outline) * 16).astype(np.int32)
            cv2.polylines(drawn, [points], True, colour, 2, cv2.LINE_AA, 4)
    return drawn


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
