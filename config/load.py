"""From files and environment to one frozen `TerminalConfig`, or to a list of mistakes in plain words.

Order: defaults of the schema < terminal.toml < the platform's download < profile < environment (`KIOSK__SECTION__KEY`).
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.device_settings import names_of_kind
from config.layers import (
    SECRETS,
    Layer,
    UnreadableLayer,
    environment_layer,
    file_layer,
    merged,
    place_of,
    platform_layer,
    profile_path,
)
from config.mistakes import Mistake, facts_of, near
from config.schema import TerminalConfig
from devices.catalog import DRIVERS

PROFILES = Path(__file__).parent / "profiles"


class ConfigError(Exception):
    """The configuration has mistakes."""

    code: ClassVar[str] = "C100"

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(f"{m.file}:{m.line or 0} {m.code}" for m in mistakes))

    def describe_mistakes(self, language: str = "zh-Hans") -> tuple[str, ...]:
        """One line for each mistake: file, line, code, and what is wrong in plain words."""
        return tuple(mistake.said(language) for mistake in self.mistakes)


def load_config(
    path: Path,
    profile: str | None = None,
    env: Mapping[str, str] | None = None,
    platform_file: Path | None = None,
) -> TerminalConfig:
    """The configuration in `path`, with the profile and the environment (default: this process's) over it.

    `platform_file`: what the platform sets for all its terminals, over `path` and below the profile. A profile is
    looked for beside the file, then among the shipped ones. Raises `ConfigError` with every mistake.
    """
    try:
        layers = [file_layer(path)]
        if platform_file is not None:
            layers.append(platform_layer(platform_file))
        if profile is not None:
            layers.append(file_layer(profile_path(profile, (path.parent / "profiles", PROFILES))))
    except UnreadableLayer as error:
        raise ConfigError(error.mistakes) from error
    layers.append(environment_layer(os.environ if env is None else env))
    tree = merged(layers)
    try:
        return TerminalConfig.model_validate(tree)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise ConfigError(tuple(_mistake(details, tree, layers) for details in found)) from error


def check(
    path: Path,
    profile: str | None = None,
    env: Mapping[str, str] | None = None,
    *,
    platform_file: Path | None = None,
) -> list[Mistake]:
    """Every mistake in the configuration; empty when it can be used. `platform_file`: as for `load_config`."""
    try:
        load_config(path, profile, env, platform_file=platform_file)
    except ConfigError as error:
        return list(error.mistakes)
    return []


def schema() -> dict[str, Any]:
    """The configuration as JSON Schema."""
    return TerminalConfig.model_json_schema()


def _mistake(details: ErrorDetails, tree: Mapping[str, Any], layers: list[Layer]) -> Mistake:
    place = _place(details["loc"], tree)
    if details["type"].startswith("union_tag"):
        place = (*place, "driver")
    facts = facts_of(details, ".".join(place)) | {"near": ""}
    if place in SECRETS:
        facts["value"] = "***"
    match details["type"]:
        case "extra_forbidden":
            code = "C103"
            facts["near"] = near(place[-1], _names_beside(place, tree))
        case "missing":
            code = "C104"
        case "literal_error" | "union_tag_invalid" | "union_tag_not_found" if (
            place[0] == "devices" and place[-1] == "driver"
        ):
            code = "C105"
            facts |= {"reason": "literal_error", "expected": ", ".join(names_of_kind(place[1]))}
        case _:
            code = "C105"
    file, line = place_of(layers, place)
    return Mistake(code=code, file=file, line=line, facts=facts)


def _place(steps: tuple[int | str, ...], tree: Mapping[str, Any]) -> tuple[str, ...]:
    """pydantic's way to a value, without the driver's name that it puts in where drivers are told apart."""
    place: list[str] = []
    inside: Any = tree
    for number, step in enumerate(steps):
        name = str(step)
        is_tag = isinstance(inside, dict) and name == inside.get("driver") and name not in inside
        if is_tag and number + 1 < len(steps):
            continue
        place.append(name)
        inside = inside.get(name) if isinstance(inside, dict) else None
    return tuple(place)


def _names_beside(place: tuple[str, ...], tree: Mapping[str, Any]) -> list[str]:
    """The names that the schema knows where `place` stands."""
    model: type[BaseModel] | None = TerminalConfig
    if len(place) == 3 and place[0] == "devices":
        return _driver_fields(place[1], tree)
    for name in place[:-1]:
        inner = model.model_fields[name].annotation if model and name in model.model_fields else None
        model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    return list(model.model_fields) if model else []


def _driver_fields(kind: str, tree: Mapping[str, Any]) -> list[str]:
    named = tree["devices"][kind].get("driver")
    models = [entry.settings for entry in DRIVERS if entry.kind == kind and named in (None, entry.name)]
    return [name for model in models for name in model.model_fields]
