"""A program of bench/ in a process of its own, as the Makefile calls it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_module(deadline_s: float, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m module arguments` at the project's root; its output is text."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        timeout=deadline_s,
        check=False,
    )
