"""What is really heard: samples of espeak-ng, recordings, and who says what when something is missing."""

import shutil
import stat
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

from ground.clock import ManualClock, RealClock
from kiosk.speech import SpeechFailed
from kiosk.speech.choosing import ChosenSpeaker, SilentSpeaker
from kiosk.speech.espeak import EspeakSpeaker
from kiosk.speech.hush import Hush
from kiosk.speech.packs import Pack, PackSpeaker
from kiosk.speech.pcm import NotSound, Pcm, format_wav, parse_wav
from kiosk.speech.playing import Player
from kiosk.speech.what import what_to_say
from kiosk.words import Words
from screens import samples
from tools.assemble import WORDS

CARD = "请把身份证平放在亮灯的地方"


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """The kernel's list of sound cards, with one."""
    listed = tmp_path / "cards"
    listed.write_text(" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n", encoding="utf-8")
    return listed


def program(folder: Path, does: str) -> str:
    """A player that is given the sound as aplay is."""
    path = folder / "player"
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def espeak(hush: Hush, cards: Path, tmp_path: Path) -> EspeakSpeaker:
    return EspeakSpeaker(
        Player(hush, "default", program(tmp_path, f"cat > {tmp_path}/heard.wav"), cards), hush
    )


def tone(seconds: float = 0.5) -> Pcm:
    at = np.arange(int(8000 * seconds)) / 8000
    return Pcm((np.sin(at * 2764) * 9000).astype(np.int16).reshape(-1, 1), 8000)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_home_screen_is_heard(espeak: EspeakSpeaker, language: str) -> None:
    said = what_to_say(dict(samples.scenes())["home"], Words.load(WORDS, language))
    sound = espeak.sound(said.parts[0].text, language, 6, 0)
    assert sound.seconds > 0.8
    assert sound.loudness > 0.01


def test_volume_and_rate_are_heard(espeak: EspeakSpeaker) -> None:
    usual = espeak.sound(CARD, "zh-Hans", 6, 0)
    assert espeak.sound(CARD, "zh-Hans", 3, 0).loudness < 0.7 * usual.loudness
    assert espeak.sound(CARD, "zh-Hans", 0, 0).loudness < 0.001
    slow, fast = (espeak.sound(CARD, "zh-Hans", 6, rate) for rate in (-3, 3))
    assert fast.seconds < 0.8 * usual.seconds < 0.8 * 0.9 * slow.seconds


def test_the_mandarin_voice_says_characters_and_does_not_spell_them() -> None:
    """The voice `cmn` of Debian 12 says "qing three" in English for 请: this is why it is not ours."""
    command = ["espeak-ng", "-b", "1", "-q", "-x", "--stdin", "-v"]
    for voice, spelled in (("cmn-latn-pinyin", False), ("cmn", True)):
        done = subprocess.run([*command, voice], input=CARD.encode(), capture_output=True, check=True)
        assert (b"(en)" in done.stdout) == spelled


def test_it_is_played_from_memory_and_nothing_stands_in_the_arguments(
    espeak: EspeakSpeaker, tmp_path: Path
) -> None:
    espeak.say(CARD, "zh-Hans", 6, 0)
    assert parse_wav((tmp_path / "heard.wav").read_bytes()).loudness > 0.01


def test_pressed_the_player_ends_at_once(hush: Hush, cards: Path, tmp_path: Path) -> None:
    player = Player(hush, "default", program(tmp_path, "exec sleep 60"), cards)
    playing = threading.Thread(target=player.play, args=(tone(),))
    playing.start()
    hush.press()
    playing.join(3)
    assert not playing.is_alive()


@pytest.mark.parametrize(
    ("does", "listed", "why"),
    [("exit 0", "--- no soundcards ---\n", "no sound card"), ("exit 1", " 0 [x]\n", "ended with 1")],
)
def test_without_sound_it_says_so(hush: Hush, tmp_path: Path, does: str, listed: str, why: str) -> None:
    cards = tmp_path / "cards"
    cards.write_text(listed, encoding="utf-8")
    with pytest.raises(SpeechFailed, match=why) as failed:
        Player(hush, "default", program(tmp_path, does), cards).play(tone(0.1))
    assert failed.value.code == "T108"


def test_without_the_program_it_says_so(hush: Hush, cards: Path) -> None:
    with pytest.raises(SpeechFailed, match="T107"):
        EspeakSpeaker(Player(hush, cards=cards), hush, program="nothing-like-it").check()


# --- samples ---


def test_samples_come_back() -> None:
    sound = parse_wav(format_wav(tone()))
    assert np.array_equal(sound.samples, tone().samples)
    assert sound.rate_hz == 8000
    assert sound.at(3).loudness == pytest.approx(sound.loudness / 2, rel=0.01)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", format_wav(tone())[:30], b"OggS" * 20])
def test_what_is_no_sound_is_told(data: bytes) -> None:
    with pytest.raises(NotSound):
        parse_wav(data)


# --- packs ---


@pytest.fixture
def tianmen(tmp_path: Path) -> Path:
    folder = tmp_path / "tianmen"
    folder.mkdir()
    said = f'[said]\n"place_card.sentence" = "{CARD}"\n"idle.start" = "从前的一句"\n'
    (folder / "index.toml").write_text(f'name = "天门话"\n{said}', encoding="utf-8")
    for key in ("place_card.sentence", "idle.start"):
        (folder / f"{key}.wav").write_bytes(format_wav(tone()))
    return folder


def test_a_recording_stands_for_its_sentence_while_it_reads_as_it_did(tianmen: Path) -> None:
    pack = Pack.load(tianmen)
    assert pack.has("place_card.sentence", CARD, "zh-Hans")
    assert not pack.has("place_card.sentence", CARD, "en")
    assert not pack.has("idle.start", "轻触屏幕开始", "zh-Hans"), "the words changed since"
    assert not pack.has("idle.promise", "…", "zh-Hans")


def test_ogg_is_read(tianmen: Path) -> None:
    encoder = shutil.which("oggenc")
    assert encoder, "vorbis-tools is in deploy/apt-packages.txt"
    wav = tianmen / "place_card.sentence.wav"
    subprocess.run([encoder, "-Q", "-o", str(wav.with_suffix(".ogg")), str(wav)], check=True)
    wav.unlink()
    assert Pack.load(tianmen).sound("place_card.sentence").seconds == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("index", ["", "name = 3", 'name = "x"\nnonsense = 1', "= broken"])
def test_a_pack_that_cannot_be_used_is_told(tianmen: Path, index: str) -> None:
    (tianmen / "index.toml").write_text(index, encoding="utf-8")
    with pytest.raises(SpeechFailed, match="T110"):
        Pack.load(tianmen)


# --- who says it ---


class Told:
    """An engine that notes what it says, or fails."""

    def __init__(self, code: str = "") -> None:
        self.code, self.said = code, []

    def check(self) -> None:
        if self.code:
            raise SpeechFailed(self.code)

    def say(
        self, text: str, language: str, volume: int, rate: int, interrupt: bool = True, key: str = ""
    ) -> None:
        self.check()
        self.said.append(text)

    def stop(self) -> None:
        raise AssertionError("the hush is enough")

    def close(self) -> None:
        self.code = "closed"


def test_a_recording_first_then_one_engine_after_the_other(
    hush: Hush, cards: Path, tianmen: Path, tmp_path: Path
) -> None:
    player = Player(hush, "default", program(tmp_path, "exit 0"), cards)
    recorded = PackSpeaker((Pack.load(tianmen),), player, hush)
    dispatcher, direct = Told("T109"), Told()
    clock = ManualClock()
    chosen = ChosenSpeaker(clock, hush, recorded, [dispatcher, direct])
    chosen.say(CARD, "zh-Hans", 6, 0, key="place_card.sentence")
    assert (chosen.spoke, direct.said) == (recorded, [])
    chosen.say("还有 2 项要填", "zh-Hans", 6, 0)
    assert direct.said == ["还有 2 项要填"]
    dispatcher.code = ""
    chosen.say("它在休息", "zh-Hans", 6, 0)
    assert dispatcher.said == [], "an engine that failed is not asked again at once"
    clock.turn(31)
    chosen.say("又来了", "zh-Hans", 6, 0)
    assert dispatcher.said == ["又来了"]
    assert chosen.check() == "Told"
    chosen.close()


def test_where_nothing_speaks_there_is_silence_and_the_reason(hush: Hush) -> None:
    chosen = ChosenSpeaker(RealClock(), hush, None, [Told("T109"), Told("T108")])
    chosen.stop()
    chosen.say("谁也不说", "zh-Hans", 6, 0)
    assert isinstance(chosen.spoke, SilentSpeaker | Told)
    with pytest.raises(SpeechFailed, match="T108"):
        chosen.check()
    chosen.close()
