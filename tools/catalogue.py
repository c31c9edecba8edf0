"""`catalogue check|list|show|simulate|matrix|diff|guide|export|import`."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from config.languages import LEADING, languages
from config.sentences import SHIPPED, load_texts
from ground.clock import RealClock
from kiosk.catalogue.check import check_catalogue
from kiosk.catalogue.differences import differences
from kiosk.catalogue.load import CatalogueError, load_catalogue
from kiosk.catalogue.matrix import as_page, as_table, matrix
from kiosk.catalogue.model import Matter
from kiosk.catalogue.simulate import simulate
from kiosk.catalogue.texts import coverage
from kiosk.journey.show import CHINA
from kiosk.words import Words
from tools.catalogue_book import write_matrix
from tools.catalogue_workbook import run_export, run_import
from tools.downloads import CATALOGUE
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT


class UnknownMatter(Exception):
    """There is no such matter."""


def run(asked: argparse.Namespace) -> int:
    """One of them. Exit code 2 for a catalogue with mistakes, an unknown matter, answers that nobody can read."""
    try:
        return _VERBS[asked.what](asked)
    except CatalogueError as error:
        for line in error.describe_mistakes():
            complain(line)
    except UnknownMatter as error:
        complain(f"没有这个主题：{error}")
    return BAD_INPUT


def _check(asked: argparse.Namespace) -> int:
    report = check_catalogue(CATALOGUE, _today())
    found = (*report.mistakes, *report.warnings)
    if asked.json:
        say_json(
            [
                {"code": m.code, "file": m.file, "line": m.line, "severity": m.severity, "said": m.said()}
                for m in found
            ]
        )
    else:
        for mistake in found:
            complain(mistake.said())
        for line in [] if report.mistakes else _untranslated():
            complain(line)
    return BAD_INPUT if report.mistakes else 0


def _untranslated() -> list[str]:
    """Which texts of which matter a language lacks that has begun to translate them."""
    catalogue, words, lines = load_catalogue(CATALOGUE, _today()), Words.load(SHIPPED, LEADING), []
    for tag in languages(SHIPPED):
        known = load_texts(SHIPPED, tag)
        for one in coverage(catalogue, known) if known else ():
            if one.lacking:
                told = {"matter": one.matter, "texts": one.texts, "count": len(one.lacking)}
                lacking = words("list.comma").join(one.lacking)
                lines.append(words("language_check.texts", language=tag, lacking=lacking, **told))
    return lines


def _list(asked: argparse.Namespace) -> int:
    rows = [
        {"code": m.code, "name": m.name, "aliases": list(m.aliases), "lead": m.lead, "complete": m.complete}
        for m in load_catalogue(CATALOGUE, _today()).matters
    ]
    if asked.json:
        say_json(rows)
    else:
        for row in rows:
            say(f"{row['code']:5}{'可办' if row['complete'] else '告知'}  {row['name']}  {row['lead']}")
    return 0


def _show(asked: argparse.Namespace) -> int:
    matter = _matter(asked.code)
    if asked.json:
        say_json(json.loads(json.dumps(asdict(matter), default=str)))
        return 0
    say(f"{matter.code} {matter.name}{'（示例）' if matter.sample else ''}  版本 {matter.version}")
    say(f"牵头：{matter.lead}  配合：{'、'.join(matter.partners) or '—'}")
    for item in matter.items:
        marks = (
            "镇级" if item.level == "town" else "",
            "" if item.online else "线下",
            "本人到场" if item.in_person else "",
        )
        say(
            f"  {item.code}  {item.name}  {item.department}  {' '.join(mark for mark in marks if mark)}".rstrip()
        )
    for material in matter.materials:
        instead = "、".join(filter(None, (material.licence, "告知承诺" if material.promise else "")))
        say(f"  [{material.slot}] {material.name}{f'  可用：{instead}' if instead else ''}")
    return 0


def _simulate(asked: argparse.Namespace) -> int:
    matter = _matter(asked.code)
    answers = None
    if asked.answers is not None:
        answers = _known_answers(matter, asked.answers)
        if answers is None:
            return BAD_INPUT
    told = simulate(matter, answers, all_papers=asked.papers)
    if asked.json:
        say_json(told)
        return 0
    say(f"{matter.code} {matter.name}：{len(told['items'])} 个事项，{len(told['fields'])} 项填写")
    names = {"forms": "表", "materials": "材料", "visits": "跑动", "steps": "环节", "days": "天数"}
    for name, (before, after) in told["reductions"].items():
        say(f"  {names[name]}：{before} → {after}")
    for stage in told["plan"]["stages"]:
        say(f"  第 {stage['number']} 步：{'、'.join(stage['departments'])}")
    return 0


def _matrix(asked: argparse.Namespace) -> int:
    shown = matrix(_matter(asked.code))
    if asked.out is None:
        say(as_table(shown).rstrip("\n"))
        return 0
    title = f"{shown.matter.code} {shown.matter.name}"
    try:
        if asked.out.suffix == ".xlsx":
            write_matrix(asked.out, shown, title)
        else:
            page = as_page(shown, title) if asked.out.suffix == ".html" else as_table(shown)
            asked.out.write_text(page, encoding="utf-8")
    except OSError as error:
        complain(f"写不了 {asked.out.name}：{type(error).__name__}")
        return BAD_INPUT
    return 0


def _diff(asked: argparse.Namespace) -> int:
    found = differences(_matter(asked.old), _matter(asked.new))
    if asked.json:
        say_json([asdict(one) for one in found])
    else:
        for one in found:
            say(f"{one.place}: {one.before or '（没有）'} → {one.after or '（没有）'}")
    return 0


def _matter(named: str) -> Matter:
    """`C28`, `C28@2027-01-01` (as it is in force on that day), `FOLDER:C28` (of another catalogue)."""
    folder, _, code = named.rpartition(":")
    code, _, day = code.partition("@")
    try:
        on = date.fromisoformat(day) if day else _today()
        return load_catalogue(Path(folder) if folder else CATALOGUE, on).matter(code)
    except (KeyError, ValueError) as error:
        raise UnknownMatter(named) from error


def _guide(asked: argparse.Namespace) -> int:
    from tools.catalogue_guide import write_guide  # fpdf2 takes its time

    matter, answers = _matter(asked.code), None
    if asked.answers is not None:
        answers = _known_answers(matter, asked.answers)
        if answers is None:
            return BAD_INPUT
    return write_guide(asked, load_catalogue(CATALOGUE, _today()), matter, answers)


def _known_answers(matter: Matter, file: Path) -> dict[str, str] | None:
    """The answers in `file`; None, after saying why, when they cannot be read or the matter has no such answers."""
    answers = _answers(file)
    if answers is None:
        complain(f"读不了 {file.name}：要写成 JSON，一组“问题: 回答”。")
    elif wrong := _unknown(matter, answers):
        complain(f"{matter.code} 没有这样的问题或回答：{'、'.join(wrong)}")
        return None
    return answers


def _answers(file: Path) -> dict[str, str] | None:
    try:
        told: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        return None
    return told


def _unknown(matter: Matter, answers: dict[str, str]) -> list[str]:
    """Answers that the matter's questions do not have. Those to questions that are not asked are no mistake."""
    choices = {question.name: {choice.value for choice in question.choices} for question in matter.questions}
    return [f"{name}={value}" for name, value in answers.items() if value not in choices.get(name, ())]


def _today() -> date:
    return RealClock().now().astimezone(CHINA).date()


_VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "list": _list,
    "show": _show,
    "simulate": _simulate,
    "matrix": _matrix,
    "diff": _diff,
    "guide": _guide,
    "export": run_export,
    "import": run_import,
}
