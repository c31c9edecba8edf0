"""A display of our own, and sample scenes shown there by processes of their own: pytest itself imports no Kivy."""

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

from kiosk.journey.look import Look, TextSize
from screens.manners import Manner
from tests.screens.pseudo import TAG

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "build" / "fonts"
#: a generous limit for a busy machine; drawing takes some ten seconds
DEADLINE_S = 300
#: after so many screens a painter is replaced: it sweeps nothing up
MOST_SHOWN = 120


@dataclass(frozen=True)
class Rendered:
    """All scenes as pictures and as widget trees."""

    folder: Path
    trees: dict[str, Any]

    def picture(self, name: str) -> Path:
        """The PNG of a scene."""
        return self.folder / f"{name}.png"


@pytest.fixture(scope="session")
def fonts() -> Path:
    """The prepared typefaces, made on the first run."""
    from tools.fonts import prepare

    missing = prepare(FONTS)
    assert not missing, missing
    return FONTS


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """An X server in memory with room for both orientations; its number is chosen by the server itself."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1920x24", "-nolisten", "tcp"]
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


def face_environment(display: str) -> dict[str, str]:
    """For a process that imports Kivy."""
    return os.environ | {
        "DISPLAY": display,
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default",
    }


def face_command(script: str, *arguments: str) -> list[str]:
    """A script of this folder."""
    return [sys.executable, str(Path(__file__).parent / script), *arguments]


def run_face(display: str, script: str, *arguments: str) -> None:
    """Run a script of this folder that imports Kivy, and show what it said if it failed."""
    done = subprocess.run(
        face_command(script, *arguments),
        env=face_environment(display),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
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


class Painter:
    """Shows sample scenes in a process that lives from one request to the next; replaced when it grew large."""

    def __init__(self, display: str, fonts: Path, scratch: Path) -> None:
        self._display, self._fonts, self._scratch = display, fonts, scratch
        self._process: subprocess.Popen[str] | None = None
        self._shown = 0
        self._sets: dict[tuple[Manner, tuple[str, ...] | None, bool], Rendered] = {}

    def paint(
        self, manner: Manner, scenes: tuple[str, ...] | None = None, *, drawn: bool = False
    ) -> Rendered:
        """These scenes (None: all) as widget trees, and as pictures when they shall be `drawn`; made once a session."""
        asked = (manner, scenes, drawn)
        if asked not in self._sets:
            self._sets[asked] = self._paint(*asked)
        return self._sets[asked]

    def _paint(self, manner: Manner, scenes: tuple[str, ...] | None, drawn: bool) -> Rendered:
        folder = self._scratch / f"{len(self._sets):02}-{manner.name}"
        look = manner.look
        request = {
            "folder": str(folder), "language": manner.language, "landscape": manner.landscape,
            "text": look.text, "theme": look.theme, "low": look.low_reach, "drawn": drawn,
        }  # fmt: skip
        self._ask(request if scenes is None else request | {"scenes": scenes})
        trees = json.loads((folder / "tree.json").read_text(encoding="utf-8"))
        self._shown += len(trees)
        if self._shown >= MOST_SHOWN:
            self.close()
        return Rendered(folder, trees)

    def _ask(self, request: dict[str, Any]) -> None:
        if self._process is None:
            self._process = self._start()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], DEADLINE_S)
        said = self._process.stdout.readline() if ready else ""
        assert said == "done\n", (self._scratch / "painter.log").read_text(encoding="utf-8")[-4000:]

    def _start(self) -> "subprocess.Popen[str]":
        words = str(ROOT / "config" / "words")
        arguments = ("render_scenes.py", str(self._scratch / "kivy"), str(self._fonts), words)
        with (self._scratch / "painter.log").open("w", encoding="utf-8") as log:
            return subprocess.Popen(
                face_command(*arguments), env=face_environment(self._display), cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    def close(self) -> None:
        """End the process at once: it has nothing to put away."""
        if self._process is None:
            return
        process, self._process, self._shown = self._process, None, 0
        process.kill()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
        process.wait()


@pytest.fixture(scope="session")
def painter(display: str, fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Painter]:
    """Shows scenes in any manner: `painter.paint(Manner(language="en"))`."""
    one = Painter(display, fonts, tmp_path_factory.mktemp("painted"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def rendered(painter: Painter) -> Rendered:
    """Every sample scene in Chinese, with its picture."""
    return painter.paint(Manner(), drawn=True)


@pytest.fixture(scope="session")
def rendered_in_english(painter: Painter) -> Rendered:
    """The widget trees in English (no pictures): longer words must find room, too."""
    return painter.paint(Manner(language="en"))


@pytest.fixture(scope="session")
def rendered_large(painter: Painter) -> Rendered:
    """The widget trees at the size that elder people choose."""
    return painter.paint(Manner(look=Look(text=TextSize.ELDER)))


@pytest.fixture(scope="session")
def rendered_low(painter: Painter) -> Rendered:
    """The widget trees for a short arm or a wheelchair."""
    return painter.paint(Manner(look=Look(low_reach=True)))


@pytest.fixture(scope="session")
def rendered_in_pseudo(painter: Painter) -> Rendered:
    """The widget trees in the language of `pseudo`: what is not in brackets was written into the code."""
    return painter.paint(Manner(language=TAG))
