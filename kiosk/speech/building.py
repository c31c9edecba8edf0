"""The speakers of a terminal, out of its settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ground.clock import Clock
from kiosk.speech import SpeechFailed
from kiosk.speech.choosing import Checked, ChosenSpeaker
from kiosk.speech.espeak import EspeakSpeaker
from kiosk.speech.hush import Hush
from kiosk.speech.packs import Pack, PackSpeaker
from kiosk.speech.playing import Player
from kiosk.speech.ssip import SsipSpeaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the configuration says of the voice."""

    engine: Literal["auto", "dispatcher", "espeak", "none"]
    chinese: str
    english: str
    sound_device: str
    dispatcher_socket: Path
    dispatcher_module: str = ""
    packs: tuple[Path, ...] = ()


def packs_of(wanted: Wanted) -> tuple[list[Pack], list[SpeechFailed]]:
    """The packs that can be used, and what is wrong with the others."""
    found, failed = [], []
    for folder in wanted.packs:
        try:
            found.append(Pack.load(folder))
        except SpeechFailed as error:
            failed.append(error)
    return found, failed


def engines_of(wanted: Wanted, clock: Clock, hush: Hush, player: Player) -> list[Checked]:
    """In the order in which they are asked."""
    voices = {"zh-Hans": wanted.chinese, "en": wanted.english}
    dispatcher = SsipSpeaker(clock, hush, wanted.dispatcher_socket, voices, wanted.dispatcher_module)
    direct = EspeakSpeaker(player, hush, voices)
    by_name: dict[str, list[Checked]] = {
        "auto": [dispatcher, direct],
        "dispatcher": [dispatcher],
        "espeak": [direct],
        "none": [],
    }
    return by_name[wanted.engine]


def build_speaker(wanted: Wanted, clock: Clock) -> ChosenSpeaker:
    """All of them behind one; nothing is opened yet."""
    hush = Hush()
    player = Player(hush, wanted.sound_device)
    packs, _ = packs_of(wanted)
    recorded = PackSpeaker(tuple(packs), player, hush) if packs else None
    return ChosenSpeaker(clock, hush, recorded, engines_of(wanted, clock, hush, player))
