"""Put trained networks where the finder looks for them, with a card that says what they are:

`python -m tools.outline.ship FOLDER --commit … --note "…"`, after `tools.outline.train`, while its scenes are there.
"""

import argparse
import hashlib
from pathlib import Path

from tools.outline.lessons import SCENES, Pool
from tools.outline.quantise import in_whole_numbers

_MODELS = Path("kiosk/capture/models")
_WHAT = {
    "overview.onnx": "the whole picture at 256 × 192: chances of paper, edge and core at 128 × 96",
    "side.onnx": "four strips along guessed sides: at which of 32 depths each side runs",
}


def card(files: dict[str, bytes], note: str, commit: str, seed: int) -> str:
    """The card's text (TOML)."""
    lines = [
        "# The finder's networks. Written by tools/outline/ship.py; the tests hold the files against it.",
        f'made_by = "python -m tools.outline.train overview|side --seed {seed}"',
        f'scripts_at_commit = "{commit}"',
        f"seed = {seed}",
        'made_with = "torch 2.9.1 (CPU, bfloat16), opencv-python-headless 5.0, numpy 2, onnx 1.23 (opset 17)"',
        'in = "whole numbers: weights of 7 bits, values of 8, by tools/outline/quantise.py"',
        f'note = "{note}"',
    ]
    for name, held in files.items():
        told = hashlib.sha256(held).hexdigest()
        lines += [
            "",
            f'[model."{name}"]',
            f'what = "{_WHAT[name]}"',
            f"bytes = {len(held)}",
            f'sha256 = "{told}"',
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the pool's folder, where training left the models")
    parser.add_argument("--note", default="", help="how long it was trained, on how many pictures")
    parser.add_argument("--commit", required=True, help="of the scripts that trained them")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    _MODELS.mkdir(exist_ok=True)
    pool = Pool(options.folder, SCENES, create=False)
    files = {name: in_whole_numbers(options.folder / name, pool) for name in _WHAT}
    for name, held in files.items():
        (_MODELS / name).write_bytes(held)
    told = card(files, options.note, options.commit, options.seed)
    (_MODELS / "models.toml").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
