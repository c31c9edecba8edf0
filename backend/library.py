"""The e-licence library (电子证照库): a sample of one, since the province's own is not open to us.

What it holds is read from `licences.toml` of the data folder, or else from the small sample beside this file, whose
people are invented. It takes samples alone, and everything that comes out of it says so.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.keys import Keys

FILE_NAME = "licences.toml"


class Licence(BaseModel):
    """One e-licence, as it is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: str = Field(min_length=1, max_length=100, description="as materials name it")
    name: str = Field(min_length=1, max_length=200)
    licence_number: str = Field(min_length=1, max_length=100)
    issuer: str = Field(min_length=1, max_length=200)
    valid_until: date | None = None
    sample: Literal[True]


class _Entry(Licence):
    number: str = Field(min_length=1, max_length=64, description="of the invented holder")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    licence: list[_Entry] = []


class Library:
    """Who holds which e-licence; found by the keyed hash of a person's number."""

    def __init__(self, held: dict[str, list[Licence]]) -> None:
        self._held = held

    @classmethod
    def of_folder(cls, data: Path, keys: Keys) -> "Library":
        """The library of a data folder. Raises `pydantic.ValidationError`, `tomllib.TOMLDecodeError`."""
        own = data / FILE_NAME
        source = own if own.is_file() else files("backend").joinpath(FILE_NAME)
        told = _File.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
        held: dict[str, list[Licence]] = {}
        for entry in told.licence:
            licence = Licence.model_validate(entry.model_dump(exclude={"number"}))
            held.setdefault(keys.person_of(entry.number), []).append(licence)
        return cls(held)

    def of_person(self, person: str, day: date) -> list[Licence]:
        """What a person holds that is valid on that day."""
        return [
            licence
            for licence in self._held.get(person, [])
            if licence.valid_until is None or licence.valid_until >= day
        ]

    def holds(self, people: Iterable[str], kind: str, licence_number: str | None, day: date) -> bool:
        """Whether one of `people` holds such a licence on that day; without a number any of its kind."""
        return any(
            licence.kind == kind and licence_number in (None, licence.licence_number)
            for person in people
            for licence in self.of_person(person, day)
        )
