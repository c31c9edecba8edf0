"""Where a value comes from: terminal.toml, then a profile over it, then the environment over both.

Each layer remembers on which line it says what, so that a mistake can be shown in the file where it was made.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.locate import Place, key_lines
from config.mistakes import Mistake, near

PREFIX = "KIOSK__"
#: systemd's LoadCredential puts secrets here, readable by this service alone
CREDENTIALS = "CREDENTIALS_DIRECTORY"
TOKEN_FILE = "platform_token"
NOT_FITTED = "none"  # `driver = "none"` takes a device away that a lower layer has
SECRETS: tuple[Place, ...] = (("platform", "token"),)

#: Tables that the platform may set for all its terminals: how they serve, never where they belong or what is fitted.
FROM_PLATFORM = frozenset({"journey", "pages", "intake", "catalogue", "language"})

_TOML_PLACE = re.compile(r"\(at line (?P<line>[0-9]+), column [0-9]+\)")


@dataclass(frozen=True, slots=True)
class Layer:
    """A tree of values and the place of each: (file or variable, line)."""

    tree: dict[str, Any]
    places: dict[Place, tuple[str, int | None]]


class UnreadableLayer(Exception):
    """A file is missing or no TOML, or holds a secret."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes
        super().__init__(", ".join(mistake.code for mistake in mistakes))


def file_layer(path: Path) -> Layer:
    """What `path` says. Raises `UnreadableLayer` (C101, C102, C106)."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        facts = {"said": type(error).__name__}
        raise UnreadableLayer(Mistake(code="C101", file=str(path), facts=facts)) from error
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _TOML_PLACE.search(str(error))
        line = int(where["line"]) if where else len(text.splitlines())
        facts = {"said": _TOML_PLACE.sub("", str(error)).strip()}
        raise UnreadableLayer(Mistake(code="C102", file=path.name, line=line, facts=facts)) from error
    lines = key_lines(text)
    leaked = [place for place in SECRETS if _value_at(tree, place) is not None]
    if leaked:
        raise UnreadableLayer(
            *(
                Mistake(code="C106", file=path.name, line=lines.get(place), facts={"key": ".".join(place)})
                for place in leaked
            )
        )
    return Layer(tree, {place: (path.name, line) for place, line in lines.items()})


def platform_layer(path: Path) -> Layer:
    """What the platform's file says. Raises `UnreadableLayer` as `file_layer`, and C103 for a table that is not its."""
    layer = file_layer(path)
    foreign = sorted(layer.tree.keys() - FROM_PLATFORM)
    if foreign:
        raise UnreadableLayer(
            *(
                Mistake(
                    code="C103",
                    file=path.name,
                    line=layer.places.get((name,), (path.name, None))[1],
                    facts={"key": name, "near": near(name, sorted(FROM_PLATFORM))},
                )
                for name in foreign
            )
        )
    return layer


def profile_path(name: str, folders: tuple[Path, ...]) -> Path:
    """The file of the profile called `name`, in the first folder that has it. Raises `UnreadableLayer` (C107)."""
    for folder in folders:
        if (folder / f"{name}.toml").is_file():
            return folder / f"{name}.toml"
    known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    facts = {"name": name, "known": ", ".join(known), "near": near(name, known)}
    raise UnreadableLayer(Mistake(code="C107", file=str(folders[0]), facts=facts))


def environment_layer(env: Mapping[str, str]) -> Layer:
    """`KIOSK__PLATFORM__URL=…` sets platform.url; lists and tables are written as JSON."""
    layer = Layer({}, {})
    for name in sorted(env):
        if name.startswith(PREFIX):
            place = tuple(name.removeprefix(PREFIX).lower().split("__"))
            _put(layer, place, _read(env[name]), name)
    folder = env.get(CREDENTIALS, "")
    token = Path(folder) / TOKEN_FILE
    if folder and token.is_file() and _value_at(layer.tree, SECRETS[0]) is None:
        _put(layer, SECRETS[0], token.read_text(encoding="utf-8").strip(), str(token))
    return layer


def merged(layers: list[Layer]) -> dict[str, Any]:
    """One tree, later layers over earlier ones. A device that names another driver starts from nothing."""
    tree: dict[str, Any] = {}
    for layer in layers:
        _merge(tree, layer.tree)
    devices = tree.get("devices")
    if isinstance(devices, dict):
        for kind, settings in list(devices.items()):
            if isinstance(settings, dict) and settings.get("driver") == NOT_FITTED:
                del devices[kind]
    return tree


def place_of(layers: list[Layer], place: Place) -> tuple[str, int | None]:
    """Where `place`, or the nearest thing around it, was said last."""
    for length in range(len(place), 0, -1):
        for layer in reversed(layers):
            if place[:length] in layer.places:
                return layer.places[place[:length]]
    first = layers[0].places.values()
    return next(iter(first))[0] if first else "terminal.toml", None


def _merge(under: dict[str, Any], over: Mapping[str, Any]) -> None:
    for key, value in over.items():
        below = under.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and not _other_driver(below, value):
            _merge(below, value)
        else:
            under[key] = _copied(value)


def _copied(value: Any) -> Any:
    return {key: _copied(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def _other_driver(below: Mapping[str, Any], over: Mapping[str, Any]) -> bool:
    return "driver" in over and over["driver"] != below.get("driver", over["driver"])


def _value_at(tree: Mapping[str, Any], place: Place) -> Any:
    value: Any = tree
    for name in place:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _put(layer: Layer, place: Place, value: Any, origin: str) -> None:
    table = layer.tree
    for name in place[:-1]:
        inner = table.setdefault(name, {})
        if not isinstance(inner, dict):
            inner = table[name] = {}
        table = inner
    table[place[-1]] = value
    for length in range(1, len(place) + 1):
        layer.places.setdefault(place[:length], (origin, None))


def _read(text: str) -> Any:
    if text.lstrip().startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
