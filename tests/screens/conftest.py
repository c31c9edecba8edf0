"""A display of our own, and every sample scene drawn once in a process of its own: pytest itself imports no Kivy."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "build" / "fonts"
#: a generous limit for a busy machine; drawing takes some ten seconds
DEADLINE_S = 300


@dataclass(frozen=True)
class Rendered:
    """All scenes as pictures and as widget trees."""

    folder: Path
    trees: dict[str, Any]

    def picture(self, name: str) -> Path:
        """The PNG of a scene."""
        (found,) = (path for path in self.folder.glob("*.png") if path.stem.partition("-")[2] == name)
        return found


@pytest.fixture(scope="session")
def fonts() -> Path:
    """The prepared typefaces, made on the first run."""
    from tools.fonts import prepare

    missing = prepare(FONTS)
    assert not missing, missing
    return FONTS


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """An X server in memory, the size of the panel; its number is chosen by the server itself."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1080x1920x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], DEADLINE_S)
        number = os.read(reading, 16).decode().strip() if ready else ""
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        os.close(reading)
        server.terminate()
        server.wait()


def run_face(display: str, script: str, *arguments: str) -> None:
    """Run a script of this folder that imports Kivy, and show what it said if it failed."""
    environment = os.environ | {
        "DISPLAY": display,
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default",
    }
    command = [sys.executable, str(Path(__file__).parent / script), *arguments]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.fixture(scope="session")
def words() -> Path:
    """The sentences."""
    return ROOT / "config" / "words"


@pytest.fixture(scope="session")
def face(display: str) -> Callable[..., None]:
    """Runs a script of this folder that imports Kivy; fails with what it said."""
    return partial(run_face, display)


def _render(display: str, fonts: Path, folder: Path, language: str, *options: str) -> Rendered:
    words = str(ROOT / "config" / "words")
    run_face(display, "render_scenes.py", str(folder), str(fonts), words, language, *options)
    return Rendered(folder, json.loads((folder / "tree.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def rendered(display: str, fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Every sample scene in Chinese."""
    return _render(display, fonts, tmp_path_factory.mktemp("scenes"), "zh-Hans")


@pytest.fixture(scope="session")
def rendered_in_english(display: str, fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The widget trees in English (no pictures): longer words must find room, too."""
    return _render(display, fonts, tmp_path_factory.mktemp("scenes-en"), "en", "--trees")


@pytest.fixture(scope="session")
def rendered_large(display: str, fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The widget trees at the size that elder people choose."""
    options = (
        "--trees",
        "--text",
        "elder",
        "--without",
        "idle,idle-offline,idle-can,idle-message,idle-limits",
    )
    return _render(display, fonts, tmp_path_factory.mktemp("scenes-large"), "zh-Hans", *options)


@pytest.fixture(scope="session")
def rendered_low(display: str, fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The widget trees for a short arm or a wheelchair."""
    options = ("--trees", "--low", "--without", "idle,idle-offline,idle-can,idle-message,idle-limits")
    return _render(display, fonts, tmp_path_factory.mktemp("scenes-low"), "zh-Hans", *options)
