"""What runs on this terminal, as a statement that the terminal signs and anybody can check.

The digest of the code is that of a list, one line a file, sorted: SHA-256, two spaces, path, newline, as `sha256sum`
prints it. So a release has one digest wherever and whenever it is installed, and a person can make it with shell tools.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Protocol

#: Folders of the product. The reference platform, tests, benches and documents are no part of what serves citizens.
FOLDERS = ("config", "devices", "ground", "kiosk", "offline_cache", "screens", "tools")
#: The site's own settings: they have a digest of their own, so that a release has one digest everywhere.
SETTINGS = ("config/terminal.toml", "config/profiles/")
LOCK = "requirements.lock"

#: Before what is signed: the terminal's key also signs requests, exports and seals.
DOMAIN = b"tiantianshun-version-1\n"
PREFIX = "TTSV1:"
_LONGEST = 4096  # characters; a QR code holds fewer
_SIGNATURE = 88  # base64 of 64 bytes


class Signer(Protocol):
    """The terminal's key."""

    key_id: str

    def sign(self, content: bytes) -> bytes:
        """The signature of `content`, 64 bytes."""
        ...


class NoStatement(Exception):
    """A text is no statement of what runs on a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a terminal says of itself. All digests are SHA-256, hex."""

    terminal: str
    version: str
    code: str  #: of the product's files
    config: str  #: of the site's settings
    packages: str  #: of names and versions of what is installed beside it
    at: str  #: when it was said, ISO 8601, by the terminal's clock
    key: str  #: id of the key that signed


def code_files(root: Path) -> dict[str, str]:
    """Path below `root` (with /) → SHA-256 of every file of the product that is installed there. Raises OSError."""
    paths = [path for path in root.glob("*.py") if path.is_file()]
    paths += [path for path in (root / LOCK,) if path.is_file()]
    for folder in FOLDERS:
        paths += [path for path in (root / folder).rglob("*") if path.is_file()]
    found = {}
    for path in paths:
        name = path.relative_to(root).as_posix()
        if "__pycache__" not in path.parts and not name.startswith(SETTINGS):
            found[name] = _sha256(path)
    return found


def config_files(root: Path, others: Iterable[Path]) -> dict[str, str]:
    """The same of the site's settings: those below `root`, and `others`, each by its bare name where it lies elsewhere.

    Raises OSError.
    """
    own = [root / SETTINGS[0], *sorted((root / SETTINGS[1]).glob("*"))]
    found = {path.relative_to(root).as_posix(): _sha256(path) for path in own if path.is_file()}
    for path in others:
        if path.is_file() and not path.resolve().is_relative_to(root.resolve()):
            found[f"/{path.name}"] = _sha256(path)
    return found


def packages() -> dict[str, str]:
    """Name → version of every Python package that is installed."""
    return {each.metadata["Name"].lower().replace("_", "-"): each.version for each in distributions()}


def digest(listed: Mapping[str, str]) -> str:
    """The digest of a list of files, or of packages."""
    lines = "".join(f"{value}  {name}\n" for name, value in sorted(listed.items()))
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def differences(here: Mapping[str, str], released: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """`changed`, `missing` or `added`, and the file."""
    for name in sorted(here.keys() | released.keys()):
        if here.get(name) != released.get(name):
            yield ("missing" if name not in here else "added" if name not in released else "changed"), name


def signed_text(statement: Statement, signer: Signer) -> str:
    """The statement as a QR code holds it."""
    said = json.dumps(asdict(statement), sort_keys=True, separators=(",", ":"))
    signature = base64.b64encode(signer.sign(DOMAIN + said.encode("ascii"))).decode("ascii")
    return f"{PREFIX}{said}:{signature}"


def parse(text: str) -> tuple[Statement, bytes, bytes]:
    """The statement, what was signed, and the signature. Raises `NoStatement`."""
    text = text.strip()
    if len(text) > _LONGEST or not text.startswith(PREFIX) or not text.isascii():
        raise NoStatement("no statement of ours")
    said, _, signature = text.removeprefix(PREFIX).rpartition(":")
    try:
        told = json.loads(said)
        raw = base64.b64decode(signature, validate=True)
        statement = Statement(**told)
    except (ValueError, TypeError, RecursionError) as error:
        raise NoStatement("not readable") from error
    if len(signature) != _SIGNATURE or not all(isinstance(value, str) for value in told.values()):
        raise NoStatement("not readable")
    return statement, DOMAIN + said.encode("ascii"), raw


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
