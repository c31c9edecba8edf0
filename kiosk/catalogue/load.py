"""From the files of `config/catalogue/` to frozen matters that can be chosen, searched and combined."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kiosk.catalogue.assemble import assemble
from kiosk.catalogue.assemble_around import messages_of, offices_of, suggestions_of
from kiosk.catalogue.check import check_sources
from kiosk.catalogue.errors import CatalogueError
from kiosk.catalogue.messages import CityMessage
from kiosk.catalogue.model import Matter
from kiosk.catalogue.offices import ONLY_THE_HOTLINE, Offices
from kiosk.catalogue.recommend import NO_SUGGESTIONS, Suggestions
from kiosk.catalogue.search import Index
from kiosk.catalogue.sources import Sources, read_sources
from kiosk.catalogue.spelled import Spelled

__all__ = ["Catalogue", "CatalogueError", "load_catalogue"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The matters in force, in the published order."""

    matters: tuple[Matter, ...]
    _by_code: dict[str, Matter] = field(repr=False)
    _index: Index = field(repr=False)
    suggestions: Suggestions = NO_SUGGESTIONS  #: for `kiosk.catalogue.recommend`
    offices: Offices = ONLY_THE_HOTLINE  #: for `kiosk.catalogue.offices`
    messages: tuple[CityMessage, ...] = ()  #: for the idle screen

    @classmethod
    def of(
        cls,
        matters: Iterable[Matter],
        suggestions: Suggestions = NO_SUGGESTIONS,
        offices: Offices = ONLY_THE_HOTLINE,
        spelled: Sequence[Spelled] | None = None,
        messages: tuple[CityMessage, ...] = (),
    ) -> "Catalogue":
        """A catalogue of `matters`. `spelled`: what the search would make of them, if it is known already."""
        listed = tuple(matters)
        by_code = {matter.code: matter for matter in listed}
        return cls(listed, by_code, Index(listed, spelled), suggestions, offices, messages)

    @property
    def spelled(self) -> tuple[Spelled, ...]:
        """What the search has made of the matters."""
        return self._index.entries

    def matter(self, code: str) -> Matter:
        """The matter with this code. Raises KeyError."""
        return self._by_code[code]

    def search(self, text: str) -> tuple[Matter, ...]:
        """The matters that `text` may mean, best first; none for a blank text. See `kiosk.catalogue.search`."""
        return tuple(self._by_code[code] for code in self._index.find(text))


def load_catalogue(folder: Path, today: date) -> Catalogue:
    """The catalogue as it is in force `today`. Raises `CatalogueError` with every mistake."""
    return load_sources(folder, today)[0]


def load_sources(folder: Path, today: date) -> tuple[Catalogue, Sources]:
    """The catalogue and the files that it is made of. Raises `CatalogueError` with every mistake."""
    sources = read_sources(folder)
    mistakes = check_sources(sources).mistakes
    if mistakes:
        raise CatalogueError(mistakes)
    around = suggestions_of(sources), offices_of(sources)
    return Catalogue.of(assemble(sources, today), *around, messages=messages_of(sources)), sources
