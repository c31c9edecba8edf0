"""The technician's voice verb: what to record, and what a machine without sound says."""

import json
from pathlib import Path

import pytest

from kiosk.speech.pcm import format_wav, parse_wav
from kiosk.speech.what import what_to_say
from kiosk.words import Words
from screens import samples
from tests.kiosk.speech.test_engines import tone
from tools.assemble import WORDS
from tools.cli import main
from tools.voice import recordable


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "terminal.toml"
    text = '[site]\nname = "x"\n[terminal]\nid = "T-1"\nname = "x"\n[platform]\nurl = "http://127.0.0.1:1"\n'
    voice = f'[voice]\nsound_device = "null"\npacks_folder = "{tmp_path}"\npacks = ["tianmen"]\n'
    path.write_text(text + voice, encoding="utf-8")
    folder = tmp_path / "tianmen"
    folder.mkdir()
    (folder / "index.toml").write_text(
        'name = "天门话"\n[said]\n"idle.promise" = "从前的一句"\n', encoding="utf-8"
    )
    for key in ("idle.start", "idle.promise"):
        (folder / f"{key}.wav").write_bytes(format_wav(tone(0.1)))
    return str(path)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_sentence_that_carries_its_key_is_listed_as_it_is_said(language: str) -> None:
    words = Words.load(WORDS, language)
    listed = recordable(words)
    for name, scene in samples.scenes():
        for part in what_to_say(scene, words).parts:
            if part.key:
                assert listed[part.key] == part.text, name
    assert 200 < len(listed) < 800


def test_what_a_pack_lacks_or_says_otherwise(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voice", "list", "--missing", "tianmen", "--json", "--config", config]) == 0
    missing = json.loads(capsys.readouterr().out)
    assert "idle.start" not in missing
    assert "idle.promise" in missing, "it was recorded, and reads otherwise now"
    assert main(["voice", "list", "--missing", "nothing", "--config", config]) == 2


def test_each_engine_and_each_pack_is_tried(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["voice", "test", "--config", config]) == 0
    said = capsys.readouterr().out
    assert "SsipSpeaker：用不了（T109）" in said
    assert "EspeakSpeaker：可以用" in said
    assert "天门话（tianmen）：2 句" in said
    assert "改过要重录的 1 句" in said


def test_a_sentence_as_a_file(config: str, tmp_path: Path) -> None:
    wav = tmp_path / "said.wav"
    assert main(["voice", "say", "请拿好凭条", "--wav", str(wav), "--config", config]) == 0
    assert parse_wav(wav.read_bytes()).loudness > 0.01
