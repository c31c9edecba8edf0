"""For every fault of the table: made on the emulator, met by a visit, and the right sentence stands on the glass."""

import base64
import json
import os
import pickle
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.catalogue.load import Catalogue
from kiosk.journey.views import Scene
from kiosk.words import Spoken, Words
from tests.faults.broken_cabinet import BrokenCabinet, Fault
from tools.assemble import WORDS
from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare

TABLE = tomllib.loads(Path(__file__).with_name("table.toml").read_text("utf-8"))["fault"]
FAULTS = [Fault(**line) for line in TABLE]
LEAST = 40


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Scene], str]]:
    """What can be read on the glass when a scene is shown."""
    fonts = ROOT / "build" / "fonts"
    assert prepare(fonts) == []
    with VirtualScreen() as screen:
        face = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.faults.shown_sentences",
                tmp_path_factory.mktemp("kivy"),
                fonts,
                WORDS,
            ],
            cwd=ROOT,
            env={**os.environ, "DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert face.stdin is not None
        assert face.stdout is not None

        def shown(scene: Scene) -> str:
            assert face.stdin is not None
            assert face.stdout is not None
            face.stdin.write(base64.b64encode(pickle.dumps(scene)).decode("ascii") + "\n")
            face.stdin.flush()
            return "\n".join(json.loads(face.stdout.readline()))

        yield shown
        face.stdin.close()
        face.stdout.close()
        assert face.wait(60) == 0


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name.replace(" ", "-") for fault in FAULTS])
def test_the_right_sentence_stands_on_the_glass(
    fault: Fault, tmp_path: Path, catalogue: Catalogue, words: Spoken, read: Callable[[Scene], str]
) -> None:
    cabinet = BrokenCabinet(fault, tmp_path, catalogue, words)
    try:
        scene = cabinet.met()
    finally:
        cabinet.end()
    assert fault.sentence in read(scene)


def test_the_table_is_large_enough_and_names_each_fault_once() -> None:
    assert len(FAULTS) >= LEAST
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_technician_finds_each_of_them_in_the_fault_tree(language: str) -> None:
    told = Words.load(WORDS, language)
    for fault in FAULTS:
        assert told(f"fault_tree.{fault.tree}.seen")
        assert told(f"fault_tree.{fault.tree}.first")
