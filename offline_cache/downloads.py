"""What the platform hands out (catalogue, configuration, keys to seal to), believed only when it is signed and newer.

`<folder>/<name>/current` is a link to the version in use, `<folder>/<name>/<version>` holds its files and the signed
list that names them. A new version is fetched beside the old one, compared, checked, made durable, and only then put in
its place by one rename; whatever fails before that leaves the old one working.
"""

import base64
import binascii
import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import pydantic
from pydantic import AwareDatetime, BaseModel, Field

from ground.durable import sync_folder
from offline_cache.durable import translated
from offline_cache.errors import BadDownload
from offline_cache.keys import PublicKey
from offline_cache.said import SAID

LIST = "list.json"
CURRENT = "current"
PAYLOAD_TYPE = "application/vnd.joint-service.download+json"
MOST_FILES = 500  # chosen: the catalogue of the whole city has some fifty
MOST_BYTES = 4 * 1024 * 1024  # of one file; chosen: a hundred times the largest
_FLOOR = "floor"
_KEPT_VERSIONS = 2  # the one in use, and the one that a process may be reading just now

#: Looks at a fetched version before it is used; raises `Unfit`.
Check = Callable[[Path], object]


class Unfit(Exception):
    """A version is signed, and yet nothing that this terminal can use; `str()` is a short reason without content."""


class ListedFile(BaseModel):
    """A file that belongs to a version."""

    model_config = SAID

    path: Annotated[
        str,
        Field(max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*){0,3}$"),
    ]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=0, le=MOST_BYTES)]


class Listed(BaseModel):
    """A version, as the platform signed it."""

    model_config = SAID

    version_of_form: Literal[1] = Field(alias="schema")
    name: str
    version: Annotated[int, Field(ge=1, le=10**9)]
    made_at: AwareDatetime
    files: Annotated[tuple[ListedFile, ...], Field(min_length=1, max_length=MOST_FILES)]


@dataclass(frozen=True, slots=True)
class Held:
    """The version that is in use here."""

    name: str
    version: int
    made_at: AwareDatetime
    folder: Path


class Source(Protocol):
    """Where downloads come from."""

    def download(self, name: str) -> bytes:
        """The signed list; empty when there is none."""
        ...

    def downloaded_file(self, name: str, sha256: str, most_bytes: int) -> bytes:
        """One file of it."""
        ...


class Downloads:
    """The downloads of one terminal. One process refreshes, any may read."""

    def __init__(self, folder: Path, publishers: Sequence[PublicKey]) -> None:
        """`publishers`: whose signature counts; any one of them is enough, none makes all unbelievable."""
        self._folder = folder
        self._publishers = {key.key_id: key for key in publishers}
        self._unfit: dict[str, int] = {}  #: name → version that did not pass its check

    def held(self, name: str) -> Held | None:
        """The version in use; None when there is none, or it is not what was signed any more."""
        current = self._folder / name / CURRENT
        try:
            folder = current.resolve(strict=True)
            listed = self._believed(name, (folder / LIST).read_bytes())
            for file in listed.files:
                _compare(file, (folder / file.path).read_bytes())
        except (OSError, BadDownload):
            return None
        return Held(name, listed.version, listed.made_at, folder)

    def stamp(self, name: str) -> str:
        """Another text after each change of the version in use; cheap, made to be asked often."""
        with contextlib.suppress(OSError):
            return str((self._folder / name / CURRENT).readlink())
        return ""

    def refresh(self, source: Source, name: str, check: Check) -> Held | None:
        """Take a newer version over, if there is one; None when nothing changed.

        Raises `BadDownload` (the old one stays), `UploadError` of the way, `CacheError` of the disk.
        """
        signed = source.download(name)
        if not signed:
            return None
        listed = self._believed(name, signed)
        held = self.held(name)
        floor = max(self._floor(name), 0 if held is None else held.version)
        if listed.version < floor:
            raise BadDownload(name=name, why="version", offered=listed.version, here=floor)
        if (held is not None and listed.version == held.version) or self._unfit.get(name) == listed.version:
            return None
        target = self._fetch(source, name, listed, signed)
        try:
            check(target)
        except Unfit as error:
            self._unfit[name] = listed.version
            shutil.rmtree(target, ignore_errors=True)
            raise BadDownload(name=name, why="check", offered=listed.version, said=str(error)) from error
        self._switch(name, listed.version, target)
        return Held(name, listed.version, listed.made_at, target)

    def _believed(self, name: str, signed: bytes) -> Listed:
        payload = self._payload(name, signed)
        try:
            listed = Listed.model_validate(json.loads(payload))
        except (ValueError, pydantic.ValidationError) as error:
            raise BadDownload(name=name, why="content", file=LIST) from error
        paths = [file.path for file in listed.files]
        if listed.name != name or len(set(paths)) != len(paths) or LIST in paths:
            raise BadDownload(name=name, why="content", file=LIST)
        return listed

    def _payload(self, name: str, signed: bytes) -> bytes:
        """What a publisher of ours signed (DSSE v1). Raises `BadDownload`."""
        try:
            said: Any = json.loads(signed)
            payload = base64.b64decode(said["payload"], validate=True)
            signatures = [
                (str(each["keyid"]), base64.b64decode(each["sig"], validate=True))
                for each in said["signatures"][:8]
            ]
            kind = str(said["payloadType"])
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise BadDownload(name=name, why="signature") from error
        known = [(self._publishers[key], sig) for key, sig in signatures if key in self._publishers]
        if not known:
            raise BadDownload(name=name, why="publisher")
        if kind != PAYLOAD_TYPE or not any(key.signed(_signed_bytes(payload), sig) for key, sig in known):
            raise BadDownload(name=name, why="signature")
        return payload

    def _fetch(self, source: Source, name: str, listed: Listed, signed: bytes) -> Path:
        """All files of a version, compared and durable, in a folder that nobody uses yet."""
        target = self._folder / name / str(listed.version)
        fresh = target.with_name(target.name + ".new")
        old = self._folder / name / CURRENT
        with translated(fresh):
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.rmtree(target, ignore_errors=True)  # not in use: it is newer than what is
            fresh.mkdir(parents=True, mode=0o700)
            for file in listed.files:
                content = _here(old / file.path, file)
                if content is None:
                    content = source.downloaded_file(name, file.sha256, MOST_BYTES)
                try:
                    _compare(file, content)
                except BadDownload:
                    shutil.rmtree(fresh, ignore_errors=True)
                    raise
                place = fresh / file.path
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _write(place, content)
            _write(fresh / LIST, signed)
            for folder in [fresh, *(each for each in fresh.rglob("*") if each.is_dir())]:
                sync_folder(folder)
            fresh.rename(target)
            sync_folder(target.parent)
        return target

    def _switch(self, name: str, version: int, target: Path) -> None:
        folder = self._folder / name
        link, floor = folder / (CURRENT + ".new"), folder / (_FLOOR + ".new")
        with translated(folder):
            _write(floor, str(version).encode("ascii"))
            floor.replace(folder / _FLOOR)
            link.unlink(missing_ok=True)
            link.symlink_to(target.name)
            link.replace(folder / CURRENT)
            sync_folder(folder)
            versions = sorted(
                (int(path.name) for path in folder.iterdir() if path.name.isdecimal()), reverse=True
            )
            for old in versions[_KEPT_VERSIONS:]:
                shutil.rmtree(folder / str(old), ignore_errors=True)

    def _floor(self, name: str) -> int:
        """The highest version that was ever in use here: an older one is never taken, even when that was lost."""
        try:
            return int((self._folder / name / _FLOOR).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0


def _signed_bytes(payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding of a list."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode("ascii"), len(payload), payload)


def _compare(file: ListedFile, content: bytes) -> None:
    if len(content) != file.bytes or hashlib.sha256(content).hexdigest() != file.sha256:
        raise BadDownload(why="content", file=file.path)


def _here(path: Path, file: ListedFile) -> bytes | None:
    """The same file of the version in use: nothing that is here is fetched again."""
    try:
        content = path.read_bytes()
        _compare(file, content)
    except (OSError, BadDownload):
        return None
    return content


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
