"""The libraries that run models report to nobody: no id, no database of events, nothing in the home folder."""

import os
import subprocess
import sys
from pathlib import Path

import rapidocr

_MODEL = Path(rapidocr.__file__).parent / "models" / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
_RUNS_A_MODEL = "import {first}, onnxruntime; onnxruntime.InferenceSession({model!r})"


def left_behind(home: Path, first: str) -> list[Path]:
    """What a process that imports `first` and then loads a model leaves in its home folder."""
    plain = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    said = _RUNS_A_MODEL.format(first=first, model=str(_MODEL))
    subprocess.run([sys.executable, "-c", said], env=plain | {"HOME": str(home)}, check=True, timeout=100)
    return [path for path in home.rglob("*") if path.is_file()]


def test_a_model_that_runs_in_the_kiosk_leaves_nothing_at_home(tmp_path: Path) -> None:
    assert left_behind(tmp_path, "kiosk") == []
