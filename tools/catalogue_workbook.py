"""`catalogue export FILE.xlsx [CODE…]` and `catalogue import FILE.xlsx`."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from config.sentences import LANGUAGES, SHIPPED
from ground.clock import RealClock
from ground.durable import sync_folder
from kiosk.catalogue.assemble import assemble
from kiosk.catalogue.changes import changed_texts, says_the_same
from kiosk.catalogue.differences import differences
from kiosk.catalogue.merge_sheets import merge
from kiosk.catalogue.sheet_cells import Labels
from kiosk.catalogue.sources import Sources, read_sources
from kiosk.catalogue.to_sheets import to_sheets
from kiosk.journey.show import CHINA
from kiosk.words import Words
from tools.catalogue_book import write_book
from tools.catalogue_opened import UnfitWorkbook, open_book
from tools.downloads import CATALOGUE
from tools.out import complain, say
from tools.settings import BAD_INPUT


def run_export(asked: argparse.Namespace) -> int:
    """Write the workbook. Exit code 2 for an unknown matter or a place that cannot be written."""
    words, today = Words.load(SHIPPED, LANGUAGES[0]), RealClock().now().astimezone(CHINA).date()
    sources = read_sources(asked.folder or CATALOGUE)
    known = [matter.code for matter in sources.topics.parsed.matters]
    codes = [] if asked.template else list(dict.fromkeys(asked.codes)) or known
    for code in codes:
        if code not in known:
            complain(f"没有这个主题：{code}")
            return BAD_INPUT
    labels = Labels(words)
    try:
        write_book(asked.file, to_sheets(sources, codes, today, labels), words, labels)
    except OSError as error:
        complain(f"写不了 {asked.file.name}：{type(error).__name__}")
        return BAD_INPUT
    say(f"{asked.file.name}：{len(codes)} 个主题")
    return 0


def run_import(asked: argparse.Namespace) -> int:
    """Take the workbook in. Everything is checked first; nothing is written when anything is wrong (exit code 2)."""
    languages = [Words.load(SHIPPED, language) for language in LANGUAGES]
    folder: Path = asked.folder or CATALOGUE
    today = RealClock().now().astimezone(CHINA).date()
    try:
        book = open_book(asked.file, languages)
    except UnfitWorkbook as error:
        for mistake in error.mistakes:
            complain(mistake.said())
        return BAD_INPUT
    old = read_sources(folder)
    merged = merge(old, book, asked.file.name, Labels(languages[0]), today)
    for mistake in (*merged.mistakes, *merged.warnings):
        complain(mistake.said())
    if merged.sources is None:
        complain("有错，什么也没有改。")
        return BAD_INPUT
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")}
    made = changed_texts(old, merged.sources, texts)
    if not says_the_same(folder, made, merged.sources):
        complain("写出来的文件和工作簿不一致，什么也没有改。请把工作簿交给维护人员。")
        return BAD_INPUT
    _tell(old, merged.sources, made)
    if asked.check:
        return 0
    try:
        write_all(folder, made)
    except OSError as error:
        complain(f"写不了目录文件：{type(error).__name__}。看磁盘空间和权限。")
        return BAD_INPUT
    return 0


def _tell(old: Sources, new: Sources, made: Mapping[str, str]) -> None:
    """What changes, for the clerk to look over."""
    today = RealClock().now().astimezone(CHINA).date()
    before = {matter.code: matter for matter in assemble(old, today)}
    for matter in assemble(new, today):
        known = before.get(matter.code)
        if known is None:
            say(f"新主题 {matter.code} {matter.name}")
        elif known != matter:
            say(f"{matter.code} {matter.name}：改了 {len(differences(known, matter))} 处")
    for name in made:
        say(f"写入 {name}")
    if not made:
        say("没有变化。")


def write_all(folder: Path, made: Mapping[str, str]) -> None:
    """Write the files, each whole or not at all. All are on the disk before the first takes its place. Raises OSError.

    Fields and departments come first and packages last: a power cut between two of them leaves a catalogue that loads.
    """
    order = sorted(
        made,
        key=lambda name: (name not in ("dictionary.yaml", "departments.yaml"), name != "topics.yaml", name),
    )
    waiting = [(folder / f".{name}.new", folder / name) for name in order]
    try:
        for path, target in waiting:
            with path.open("w", encoding="utf-8") as file:
                file.write(made[target.name])
                file.flush()
                os.fsync(file.fileno())
        for path, target in waiting:
            path.replace(target)
    finally:
        for path, _ in waiting:
            path.unlink(missing_ok=True)
    sync_folder(folder)
