"""Which languages there are, and what each still lacks. A language is a folder of `config/words/`: nothing else.

What is meant for technicians alone need not be translated: whoever reads it has the Chinese.
"""

import string
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.sentences import load_sentences

#: the language that leads: whatever another lacks is said in it
LEADING = "zh-Hans"
#: files whose sentences only a technician or a clerk reads
FOR_TECHNICIANS = frozenset(
    {
        "guide",
        "knobs",
        "mistakes",
        "outbox",
        "page_printer",
        "panel",
        "setup",
        "technician",
        "tools",
        "workbook",
    }
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What keeps a language from being offered to citizens."""

    lacking: tuple[str, ...] = ()  #: keys without a sentence
    other_facts: tuple[str, ...] = ()  #: keys whose sentence mentions other facts than the leading one
    unknown: tuple[str, ...] = ()  #: keys that nobody asks for; they do no harm

    @property
    def complete(self) -> bool:
        """Whether everything that a citizen may read is there."""
        return not self.lacking and not self.other_facts


def languages(folder: Path) -> tuple[str, ...]:
    """The tags (BCP 47) of the languages in `folder`, the leading one first."""
    found = sorted(file.parent.name for file in folder.glob("*/language.toml"))
    return tuple(sorted(found, key=lambda tag: tag != LEADING))


def facts_in(sentence: str) -> frozenset[str] | None:
    """The facts that a sentence mentions in braces; None when its braces do not fit."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)
    except ValueError:
        return None


def gaps(folder: Path, language: str) -> Gaps:
    """What `language` lacks of what a citizen may read. Raises `WordsError`."""
    leading, own = load_sentences(folder, LEADING), load_sentences(folder, language)
    beside = load_sentences(folder, LEADING, without=FOR_TECHNICIANS)
    return Gaps(
        lacking=tuple(key for key in leading if key not in own and _for_citizens(key, beside)),
        other_facts=other_facts(leading, own),
        unknown=tuple(key for key in own if key not in leading),
    )


def other_facts(leading: Mapping[str, str], own: Mapping[str, str]) -> tuple[str, ...]:
    """The keys whose sentences in two languages do not mention the same facts."""
    return tuple(
        key
        for key, said in own.items()
        if key in leading and said != leading[key] and facts_in(said) != facts_in(leading[key])
    )


def filled_up(folder: Path, language: str) -> dict[str, str]:
    """The sentences of `language`; what it lacks, or says with other facts, in the leading one. Raises `WordsError`."""
    own = load_sentences(folder, language)
    if language == LEADING or not (folder / LEADING).is_dir():
        return own
    leading = load_sentences(folder, LEADING)
    wrong = set(other_facts(leading, own))
    return {**leading, **{key: said for key, said in own.items() if key not in wrong}}


def _for_citizens(key: str, beside: Container[str]) -> bool:
    """Of an error what she is told, not the technician's hint; else what stands in her files."""
    if key.startswith("errors."):
        return key.endswith(".citizen")
    return key in beside
