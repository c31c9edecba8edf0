"""docs/security.md names tests as evidence: each of them exists."""

import re

import pytest

from tools.cli import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[a-z_0-9/]+\.py)::(test_[a-z_0-9]+)`", PAGE)))


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_test_that_the_page_names_exists(file: str) -> None:
    code = (ROOT / file).read_text(encoding="utf-8")
    assert [name for where, name in NAMED if where == file and f"def {name}(" not in code] == []


def test_every_threat_has_a_defence_a_test_and_what_remains() -> None:
    threats = PAGE.partition("## Who might do what")[2].partition("## 等保2.0")[0].split("\n### ")[1:]
    assert len(threats) >= 9
    for threat in threats:
        assert "tests/" in threat and "**Remains.**" in threat, threat.splitlines()[0]


def test_what_is_from_memory_says_so() -> None:
    tables = PAGE.partition("## 等保2.0")[2].split("\n## ")
    assert all("from memory" in table.lower() for table in tables)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"(?:how-to/[a-z-]+\.md|ADR (?:0[0-9]{3}))", PAGE))))
def test_what_it_refers_to_is_there(link: str) -> None:
    if link.startswith("ADR"):
        assert list((ROOT / "docs" / "adr").glob(f"{link.removeprefix('ADR ')}-*.md"))
    else:
        assert (ROOT / "docs" / link).is_file()
