"""Mistakes that people make in files, each with its file, line and code, said in plain words.

Used for the configuration (codes C…) and for the catalogue (codes K…). The sentences stand in words
`mistakes.<code>`; why a single value is wrong stands in `mistakes.reason.<pydantic's error type>`.
"""

import difflib
import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import ErrorDetails

from config.sentences import shipped_sentences

_LONGEST_VALUE = 60  # characters of a wrong value that are shown; a line must stay a line


class Severity(enum.StrEnum):
    """A mistake stops the program; a warning is shown to whoever maintains the files."""

    MISTAKE = "mistake"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake in one place."""

    code: str
    file: str  #: file name, or the environment variable
    line: int | None = None  #: from 1; None when it is no line's fault
    facts: Mapping[str, str] = field(default_factory=dict)  #: what the sentence mentions
    severity: Severity = Severity.MISTAKE

    def said(self, language: str = "zh-Hans") -> str:
        """One line: place, code, and what is wrong, in plain words."""
        sentences = shipped_sentences(language)
        facts = dict(self.facts)
        if "reason" in facts:
            reason = sentences.get(f"mistakes.reason.{facts['reason']}", sentences["mistakes.reason.other"])
            facts["reason"] = reason.format_map(facts)
        if facts.get("near"):
            facts["near"] = sentences["mistakes.near"].format_map(facts)
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.code} {sentences[f'mistakes.{self.code}'].format_map(facts).strip()}"


def near(name: str, known: Iterable[str]) -> str:
    """The known name that `name` was probably meant to be, or ""."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), "")


def facts_of(details: ErrorDetails, key: str) -> dict[str, str]:
    """The facts of a wrong value: its key, the value as written, the reason and its limits."""
    limits: Mapping[str, Any] = details.get("ctx", {})
    facts = {name: str(limit) for name, limit in limits.items()}
    if "expected" in facts:  # pydantic's "'a', 'b' or 'c'", in a sentence of any language
        facts["expected"] = ", ".join(re.findall(r"'([^']*)'", facts["expected"])) or facts["expected"]
    written = str(limits["tag"] if "tag" in limits else details["input"])  # of a table: its wrong driver
    shown = written if len(written) <= _LONGEST_VALUE else f"{written[:_LONGEST_VALUE]}…"
    return facts | {
        "key": key,
        "value": shown,
        "reason": details["type"],
        "said": details["msg"].removeprefix("Value error, "),
    }
