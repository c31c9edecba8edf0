"""`voice list | say | test`: what can be recorded, what is heard, whether anything is. Exit 1 when nothing is."""

import argparse
import ast
import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from config.schema import TerminalConfig
from ground.clock import Clock, RealClock
from kiosk.journey.voice import Voice
from kiosk.speech import SpeechFailed
from kiosk.speech.building import Wanted, build_speaker, engines_of, packs_of
from kiosk.speech.espeak import EspeakSpeaker
from kiosk.speech.hush import Hush
from kiosk.speech.packs import Pack
from kiosk.speech.pcm import format_wav
from kiosk.speech.playing import Player
from kiosk.speech.telling import for_the_ear
from kiosk.words import Words
from tools.assemble import WORDS, wanted_voice
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings

#: keys of which no part stands in the tellers' code: a form's sentence is one of its kind's; what is said of a code
_FORMS = r"(form|by_hand|delivery|case_number|hardship|callback)\.(fill|mend|ready|privacy)"
_OF_CODES = r"(code|form\.problem)\.[^.]+"
_KEY = re.compile(r"[a-z_]+\.[a-z0-9_.]*")
_INSIDE = ("then", "words")
_TELLERS: tuple[ModuleType, ...] = tuple(
    import_module(f"kiosk.speech.{name}")
    for name in (
        "tell_beside",
        "tell_case",
        "tell_choosing",
        "tell_papers",
        "tell_setup",
        "tell_tending",
        "telling",
        "what",
    )
)


def run(asked: argparse.Namespace) -> int:
    """The verb."""
    config = settings(asked)
    if config is None:
        return BAD_INPUT
    words = Words.load(WORDS, getattr(asked, "language", None) or config.language.first)
    match asked.what:
        case "list":
            return _list(asked, config, words)
        case "say":
            return _say(asked, config, words)
        case _:
            return _test(config, words, RealClock())


# --- what can be recorded ---


def recordable(words: Words) -> dict[str, str]:
    """Every sentence that a screen may say and that has no facts in it: words key → as it is said."""
    wanted = [re.compile(pattern) for pattern in sorted(set(_patterns()))]
    found = {}
    for key in sorted(words.keys):
        if "{" not in words.raw(key) and any(pattern.fullmatch(key) for pattern in wanted):
            found[key] = for_the_ear(words.raw(key), words)
    return found


def _patterns() -> Iterator[str]:
    """The keys that the tellers name in their own code; what stands in braces may be anything."""
    for module in _TELLERS:
        yield from (_pattern(key) for key in _keys(ast.parse(inspect.getsource(module))))
    yield from (_FORMS, _OF_CODES)


def _keys(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Strings that are keys, but for names of buttons and the like, which are said inside other sentences."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _INSIDE:
        return
    if isinstance(node, ast.JoinedStr):
        if isinstance(node.values[0], ast.Constant) and _KEY.match(str(node.values[0].value)):
            yield node
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _KEY.fullmatch(node.value):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _keys(child)


def _pattern(node: ast.Constant | ast.JoinedStr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(
        re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[^.]+(\.[^.]+)?" for p in parts
    )


def _list(asked: argparse.Namespace, config: TerminalConfig, words: Words) -> int:
    sentences = recordable(words)
    if asked.missing:
        try:
            pack = Pack.load(_folder(asked.missing, config))
        except SpeechFailed as error:
            complain(f"{error}: {words(f'errors.{error.code}.hint')}")
            return BAD_INPUT
        language = words.language
        sentences = {key: text for key, text in sentences.items() if not pack.has(key, text, language)}
    if asked.toml:
        say("[said]")
        for key, text in sentences.items():
            say(f"{json.dumps(key)} = {json.dumps(text, ensure_ascii=False)}")
    elif asked.json:
        say_json(sentences)
    else:
        for key, text in sentences.items():
            say(f"{key}\t{text}")
    return 0


def _folder(named: str, config: TerminalConfig) -> Path:
    """A folder, or a pack's name in the folder of packs."""
    path = Path(named)
    return path if path.is_dir() else config.voice.packs_folder / named


# --- what is heard ---


def _say(asked: argparse.Namespace, config: TerminalConfig, words: Words) -> int:
    voice = Voice(
        on=True, volume=config.voice.volume if asked.volume is None else asked.volume, rate=asked.rate
    )
    text = for_the_ear(asked.text, words)
    clock, wanted = RealClock(), wanted_voice(config)
    if asked.wav is not None:
        return _write(asked.wav, text, words, voice, wanted)
    speaker = build_speaker(wanted, clock)
    try:
        engine = speaker.check()
        begun = clock.instant()
        speaker.say(text, words.language, voice.volume, voice.rate)
        say(words("voice_tool.said", engine=engine, seconds=f"{clock.instant() - begun:.1f}"))
    except SpeechFailed as error:
        complain(words("voice_tool.silent", code=error.code, hint=words(f"errors.{error.code}.hint")))
        return 1
    finally:
        speaker.close()
    return 0


def _write(path: Path, text: str, words: Words, voice: Voice, wanted: Wanted) -> int:
    """What espeak-ng makes of it, for a machine without sound."""
    hush = Hush()
    direct = EspeakSpeaker(Player(hush), hush, {"zh-Hans": wanted.chinese, "en": wanted.english})
    try:
        path.write_bytes(format_wav(direct.sound(text, words.language, voice.volume, voice.rate)))
    except (SpeechFailed, OSError) as error:
        complain(str(error))
        return 1
    finally:
        hush.close()
    return 0


def _test(config: TerminalConfig, words: Words, clock: Clock) -> int:
    """Each engine by itself, each pack, and the test sentence by whoever would say it."""
    wanted, hush = wanted_voice(config), Hush()
    for engine in engines_of(wanted, clock, hush, Player(hush, wanted.sound_device)):
        name = type(engine).__name__
        try:
            engine.check()
            say(words("voice_tool.works", engine=name))
        except SpeechFailed as error:
            hint = words(f"errors.{error.code}.hint")
            say(words("voice_tool.fails", engine=name, code=error.code, hint=hint))
        finally:
            engine.close()
    hush.close()
    packs, failed = packs_of(wanted)
    for pack in packs:
        say(_described(pack, words))
    for wrong in failed:
        say(f"{wrong}: {words(f'errors.{wrong.code}.hint')}")
    speaking = argparse.Namespace(text=words("voice_tool.test"), volume=None, rate=0, wav=None)
    return _say(speaking, config, words) or int(bool(failed))


def _described(pack: Pack, words: Words) -> str:
    sentences = recordable(words)
    stale = [
        key for key, text in sentences.items() if key in pack.files and pack.index.said.get(key, text) != text
    ]
    facts = {
        "name": pack.index.name,
        "folder": pack.folder.name,
        "count": len(pack.files),
        "stale": len(stale),
    }
    return words("voice_tool.pack", **facts, missing=len(sentences.keys() - pack.files.keys()))
