"""`docs --check` finds a generated page that no longer says what the program says; `docs` mends it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ground.logbook import Event
from tools.cli import ROOT
from tools.docs import errors_page, journeys_page, logbook_page, pages

_PROGRAM = ("ground", "devices", "config", "offline_cache", "kiosk", "tools")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program without its pages, in a place where they may be spoilt."""
    project = tmp_path_factory.mktemp("project")
    for package in _PROGRAM:
        shutil.copytree(ROOT / package, project / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "run_kiosk.py", project)
    (project / "docs").mkdir()
    return project


def docs(project: Path, *options: str) -> tuple[int, str]:
    command = [sys.executable, "run_kiosk.py", "docs", *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_missing_or_stale_page_is_named_and_left_alone(project: Path) -> None:
    code, said = docs(project, "--check")
    assert code == 1
    names = [path.relative_to(ROOT).as_posix() for path, _ in pages()]
    assert all(name in said for name in names)
    assert list((project / "docs").iterdir()) == []

    assert docs(project) == (0, "")
    assert docs(project, "--check") == (0, "")
    written = (path for path in (project / "docs").rglob("*") if path.is_file())
    assert sorted(path.relative_to(project).as_posix() for path in written) == sorted(names)

    page = project / "docs" / "logbook.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("visit_started", "visit_begun"), encoding="utf-8"
    )
    code, said = docs(project, "--check")
    assert code == 1
    assert "docs/logbook.md" in said
    assert "journeys" not in said
    assert "visit_begun" in page.read_text(encoding="utf-8")

    assert docs(project) == (0, "")
    assert "visit_begun" not in page.read_text(encoding="utf-8")


def test_a_changed_program_makes_its_page_stale(project: Path) -> None:
    assert docs(project) == (0, "")
    source = project / "ground" / "logbook.py"
    program = source.read_text(encoding="utf-8")
    changed = program.replace('"visit_started"', '"somebody_came"')
    assert changed != program
    source.write_text(changed, encoding="utf-8")
    try:
        code, said = docs(project, "--check")
    finally:
        source.write_text(program, encoding="utf-8")
    assert code == 1
    assert "docs/logbook.md" in said


def test_every_event_has_its_line() -> None:
    page = logbook_page()
    for event in Event:
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{event.value}` |")]
        assert len(line) > len(event.value) + 12, "an event without a word about it"


def test_every_code_has_its_sentences() -> None:
    page, _, wizard = errors_page().partition("\n## ")
    lines = [line for line in page.splitlines() if line.startswith("| ")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len(rows) > 20
    for row in rows:
        code, kind, _, citizen, hint = row
        assert all((code, kind, citizen, hint)), row
    codes = [row[0] for row in rows]
    assert len(set(codes)) == len(codes)
    for problem in ("W103", "W203", "W209"):
        assert f"| {problem} | " in wizard


def test_the_diagram_begins_idle_and_reaches_goodbye() -> None:
    page = journeys_page()
    assert "[*] --> idle" in page
    assert "--> goodbye" in page
