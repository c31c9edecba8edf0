"""What the technician's pages say is so: commands, options, settings, codes, words, pictures, links."""

import argparse
import re
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops, ImageStat

from config.schema import TerminalConfig
from kiosk.words import Words
from screens.pictures import smaller
from tools.cli import ROOT, parser
from tools.manual import book

TEXTS = {page.name: page.read_text(encoding="utf-8") for page in book.PAGES}
BY_HAND = "\n".join(text for name, text in TEXTS.items() if name != book.FAULTS.name)
ALL = "\n".join(TEXTS.values())
GOLDEN = ROOT / "tests" / "screens" / "golden"


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(ROOT / "config" / "words", "zh-Hans")


def code_in(text: str) -> Iterator[str]:
    """What stands between backticks, and each line of a fence without its comment."""
    fences = re.findall(r"```\n(.*?)```", text, re.S)
    for fence in fences:
        yield from (re.split(r"\s{2,}#", line)[0].strip() for line in fence.splitlines() if line.strip())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


def commands() -> list[str]:
    told = [
        re.sub(r"^(run_kiosk\.py|kiosk) ", "", code) for code in code_in(BY_HAND) if code.startswith("kiosk ")
    ]
    told += re.findall(r"run_kiosk\.py ([a-z]+(?: [a-z]+)?(?: --[a-z-]+)?)", ALL)
    return sorted(set(told))


def strangers(command: str) -> list[str]:
    """Words of a command that the command line does not know."""
    at, wrong, value = parser(), [], False
    for word in command.split():
        if value:
            value = False
            continue
        below = next((a for a in at._actions if isinstance(a, argparse._SubParsersAction)), None)
        if word.startswith("--"):
            if word not in at._option_string_actions:
                wrong.append(word)
            else:
                value = at._option_string_actions[word].nargs is None
        elif below is not None:
            if word not in below.choices:
                return [*wrong, word]
            at = below.choices[word]
    return wrong


@pytest.mark.parametrize("command", commands())
def test_each_command_is_one(command: str) -> None:
    assert strangers(command) == []


def test_a_command_that_is_none_would_be_found() -> None:
    assert strangers("outbox lost") == ["lost"]
    assert strangers("doctor --everything") == ["--everything"]


def test_each_script_and_its_options_are_there() -> None:
    told = [code.split() for code in code_in(BY_HAND) if code.startswith("sh ")]
    assert len(told) >= 7
    for _, script, *rest in told:
        path = ROOT / script.removeprefix("/opt/tiantianshun/current/")
        assert path.is_file(), script
        source = path.read_text(encoding="utf-8")
        assert [word for word in rest if word.startswith("--") and word not in source] == []


def test_each_setting_is_one() -> None:
    named = re.findall(r"`\[([a-z.]+)\](?: ([a-z_]+))?`", BY_HAND)
    assert len(named) >= 6
    for section, name in named:
        kind = TerminalConfig.model_fields
        for part in section.split("."):
            assert part in kind, section
            kind = getattr(kind[part].annotation, "model_fields", {}) or kind
        assert not name or name in kind, f"[{section}] {name}"


def test_each_code_has_a_hint(words: Words) -> None:
    mistakes = (ROOT / "config" / "load.py").read_text(
        encoding="utf-8"
    )  # C1…: `config check` says them whole
    for code in set(re.findall(r"(?<![A-Za-z0-9-])[CDFKMPRSTUW]\d{3}(?!\d)", ALL)):
        known = f"errors.{code}.hint" in words or f"setup.problem.{code}" in words or f'"{code}"' in mistakes
        assert known, code


def test_each_service_is_installed() -> None:
    for name in set(re.findall(r"tiantianshun-[a-z]+(?:-[a-z]+)*", BY_HAND)) - {"tiantianshun-usb"}:
        assert list((ROOT / "deploy" / "systemd").glob(f"{name}.service")), name


def test_each_way_through_the_menus_is_as_the_screens_say_it(words: Words) -> None:
    said = {words.raw(key) for key in words.keys}
    ways = re.findall(r"›“([^”]+)”", BY_HAND)
    assert len(ways) >= 10
    assert [way for way in ways if way not in said] == []


@pytest.mark.parametrize(
    "prefix, part", [("tending.act.", ".name"), ("refill.", ".title"), ("setup.step.", "")]
)
def test_nothing_that_a_screen_offers_is_left_out(words: Words, prefix: str, part: str) -> None:
    offered = {
        words.raw(key)
        for key in words.keys
        if key.startswith(prefix) and key.endswith(part) and key.count(".") == prefix.count(".") + bool(part)
    }
    offered -= {words.raw("setup.step.device")}  # 试设备 stands there
    assert offered
    assert [name for name in offered if name not in BY_HAND] == []


def test_links_lead_somewhere() -> None:
    for name, text in TEXTS.items():
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (book.FOLDER / target).is_file(), f"{name}: {target}"
    for path in set(re.findall(r"`(docs/[a-z/.-]+)`", ALL)):
        assert (ROOT / path).is_file(), path


def test_no_path_of_a_developers_machine_and_no_host_of_a_registry() -> None:
    found = re.search(r"/work|(?<!/var)/tmp|/root|/home|C:\\|pypi|https?://", ALL)
    assert found is None, found


def test_pictures_are_there_small_and_all_are_shown() -> None:
    names = book.shown()
    assert 12 <= len(names) <= 40
    assert {path.stem for path in book.PICTURES.glob("*")} == set(names)
    for name in names:
        path = book.PICTURES / f"{name}.png"
        assert path.stat().st_size <= 60_000
        with Image.open(path) as picture:
            assert picture.size == (360, 640)


@pytest.mark.parametrize("name", book.shown())
def test_a_picture_still_shows_that_screen(name: str) -> None:
    """Coarse on purpose: a word that changed passes, another screen does not. `make docs` draws them anew."""
    with Image.open(GOLDEN / f"{name}.png") as golden, Image.open(book.PICTURES / f"{name}.png") as picture:
        off = ImageChops.difference(smaller(golden.convert("RGB")), picture.convert("RGB"))
    assert max(ImageStat.Stat(off).mean) < 6, "run `make docs`"
