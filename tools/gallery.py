"""`screens gallery DIR`: every screen as PNG, on a virtual screen where there is no display."""

import argparse
import os
import subprocess
import sys

from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen


def run(asked: argparse.Namespace) -> int:
    """Render in a process of its own: Kivy can be started once in a process."""
    command = [sys.executable, "-m", "tools.gallery", str(asked.folder.resolve())]
    with VirtualScreen() as screen:
        env = {**os.environ, "DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"}
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
