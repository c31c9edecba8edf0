"""The catalogue's files, read and parsed, with their lines: what `check` looks at and `load` puts together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from config.mistakes import Mistake, facts_of, near
from kiosk.catalogue.document import Document, UnreadableDocument, read_document
from kiosk.catalogue.errors import CatalogueError
from kiosk.catalogue.parse import Dictionary, Package, Synonyms, Topics
from kiosk.catalogue.parse_around import MessagesFile, OfficesFile, Recommend
from kiosk.catalogue.parse_terms import Departments

TOPICS = "topics.yaml"
DICTIONARY = "dictionary.yaml"
SYNONYMS = "synonyms.yaml"
DEPARTMENTS = "departments.yaml"  # may be missing: then no department is looked up
RECOMMEND = "recommend.yaml"  # may be missing: then nothing is recommended
OFFICES = "offices.yaml"  # may be missing: then there is the hotline alone
MESSAGES = "messages.yaml"  # may be missing: then the idle screen tells of the terminal alone
NOT_PACKAGES = frozenset({TOPICS, DICTIONARY, SYNONYMS, DEPARTMENTS, RECOMMEND, OFFICES, MESSAGES})

Parsed = TypeVar("Parsed", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Source(Generic[Parsed]):
    """One file: what it says and where it says it."""

    document: Document
    parsed: Parsed

    def mistake(self, code: str, *place: str | int, **facts: str) -> Mistake:
        """A mistake at `place` in this file."""
        return Mistake(
            code=code, file=self.document.file, line=self.document.line(*place), facts={"near": ""} | facts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All files of a catalogue."""

    topics: Source[Topics]
    dictionary: Source[Dictionary]
    synonyms: Source[Synonyms]
    packages: tuple[Source[Package], ...]
    departments: Source[Departments] | None = None
    recommend: Source[Recommend] | None = None
    offices: Source[OfficesFile] | None = None
    messages: Source[MessagesFile] | None = None

    def office_names(self) -> set[str]:
        """Every name that any office has or had."""
        entries = self.departments.parsed.departments if self.departments else ()
        return {name for entry in entries for name in (entry.name, *entry.aliases, *entry.formerly)}

    def office(self, name: str) -> str:
        """The name under which a department is kept; `name` itself when the list does not know it."""
        for entry in self.departments.parsed.departments if self.departments else ():
            if name in (entry.name, *entry.aliases, *entry.formerly):
                return entry.name
        return name


def read_sources(folder: Path) -> Sources:
    """Read every file of `folder`. Raises `CatalogueError` with all mistakes of form (K101 to K106)."""
    mistakes: list[Mistake] = []
    topics = _read(folder / TOPICS, Topics, mistakes)
    dictionary = _read(folder / DICTIONARY, Dictionary, mistakes)
    synonyms = _read(folder / SYNONYMS, Synonyms, mistakes)
    departments = _read_if_there(folder / DEPARTMENTS, Departments, mistakes)
    recommend = _read_if_there(folder / RECOMMEND, Recommend, mistakes)
    offices = _read_if_there(folder / OFFICES, OfficesFile, mistakes)
    messages = _read_if_there(folder / MESSAGES, MessagesFile, mistakes)
    files = sorted(path for path in folder.glob("*.yaml") if path.name not in NOT_PACKAGES)
    packages = [_read(path, Package, mistakes) for path in files]
    if mistakes or topics is None or dictionary is None or synonyms is None:
        raise CatalogueError(tuple(mistakes))
    return Sources(
        topics=topics,
        dictionary=dictionary,
        synonyms=synonyms,
        packages=tuple(package for package in packages if package is not None),
        departments=departments,
        recommend=recommend,
        offices=offices,
        messages=messages,
    )


def _read_if_there(path: Path, shape: type[Parsed], mistakes: list[Mistake]) -> Source[Parsed] | None:
    return _read(path, shape, mistakes) if path.exists() else None


def _read(path: Path, shape: type[Parsed], mistakes: list[Mistake]) -> Source[Parsed] | None:
    try:
        document = read_document(path)
    except UnreadableDocument as error:
        mistakes.append(error.mistake)
        return None
    return parse_document(document, shape, mistakes)


def parse_document(document: Document, shape: type[Parsed], mistakes: list[Mistake]) -> Source[Parsed] | None:
    """What a document says; None when it has mistakes of form, which are added to `mistakes`."""
    try:
        return Source(document, shape.model_validate(document.content))
    except ValidationError as error:
        mistakes.extend(_mistakes(document, shape, error))
        return None


def _mistakes(document: Document, shape: type[BaseModel], error: ValidationError) -> list[Mistake]:
    found = []
    for details in error.errors(include_url=False):
        place = tuple(step for step in details["loc"] if step != "[key]")
        key = ".".join(str(step) for step in place) or document.file
        facts = facts_of(details, key) | {"near": ""}
        match details["type"]:
            case "extra_forbidden":
                code = "K103"
                facts["near"] = near(str(place[-1]), _known_names(shape))
            case "missing":
                code = "K104"
            case _:
                code = "K105"
        found.append(Mistake(code=code, file=document.file, line=document.line(*place), facts=facts))
    return found


def _known_names(shape: type[BaseModel]) -> set[str]:
    """Every name that this file may use anywhere, for the guess at what was meant."""
    definitions = shape.model_json_schema().get("$defs", {})
    below = {name for part in definitions.values() for name in part.get("properties", {})}
    return set(shape.model_fields) | below
