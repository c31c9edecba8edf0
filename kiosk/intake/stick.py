"""The files of a stranger's USB stick: only pictures and PDFs, known by their content, only read, never run.

Every name is opened step by step from the stick's own folder, without following links and without waiting for pipes; a
file counts by its first bytes, never by its name. That it is mounted read-only, without programs and devices, is the
system's work (docs/how-to/usb-stick.md) and checked here.
"""

import contextlib
import enum
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk.capture.unreadable import Reason, Unreadable
from kiosk.intake.mounts import MOUNT_TABLE, Mount, stick_in

_HEAD: Final = 16  # bytes that tell what a file is
_DEEPEST: Final = 2  # folders: DCIM/100MEDIA, as every camera makes
_MOST_ENTRIES: Final = 5_000  # names that are looked at; a phone's whole album has some thousand
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_SHOWN: Final = 10  # characters of a name: it may name a person, and others look on


class StickError(Exception):
    """The stick cannot be read."""

    code = "F131"


class StickGone(StickError):
    """The stick was pulled out."""

    code = "F132"


class StickUnsafe(StickError):
    """The stick is not mounted read-only and without programs."""

    code = "F133"


class FileKind(enum.StrEnum):
    """What may be on offer."""

    PICTURE = "picture"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class StickRules:
    """How much is looked at. Chosen for a citizen who brings a few papers."""

    most_files: int = 60
    most_bytes: int = 20 * 1024 * 1024  #: of one file


@dataclass(frozen=True, slots=True, kw_only=True)
class StickFile:
    """One file on offer."""

    number: int  #: from 1, newest first
    kind: FileKind
    name: str = field(repr=False)  #: its beginning and end only
    parts: tuple[str, ...] = field(repr=False)  #: folders and name, from the stick's own folder
    length: int
    identity: tuple[int, int, int]  #: device, inode, time of change: the same file is read that was listed


def kind_of(head: bytes) -> FileKind | None:
    """What a file is by its first bytes; None for everything that is not wanted."""
    if head.startswith(b"%PDF-"):
        return FileKind.PDF
    picture = (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[:2] == b"BM" and head[6:10] == b"\0\0\0\0")  # BITMAPFILEHEADER: two reserved words
    )
    return FileKind.PICTURE if picture else None


class Stick:
    """The place where sticks appear. One thread at a time."""

    def __init__(self, folder: Path, rules: StickRules, mount_table: Path = MOUNT_TABLE) -> None:
        self._folder, self._rules, self._mount_table = folder, rules, mount_table

    def mount(self) -> Mount | None:
        """The stick that is in; None when there is none, or when nobody can say."""
        try:
            return stick_in(self._folder, self._mount_table)
        except OSError:
            return None

    def files(self) -> tuple[StickFile, ...]:
        """What is on offer, newest first. Raises `StickError`."""
        with self._root() as root:
            found = sorted(self._walk(root, (), 0, [_MOST_ENTRIES]), key=lambda one: one[0], reverse=True)
        kept = found[: self._rules.most_files]
        return tuple(
            StickFile(
                number=number, kind=kind, name=shortened(parts[-1]), parts=parts, length=about.st_size,
                identity=_identity(about),
            )
            for number, (_, kind, parts, about) in enumerate(kept, start=1)
        )  # fmt: skip

    def read(self, file: StickFile) -> bytes:
        """The bytes of a file that was listed. Raises `StickError`, and `Unreadable` when it is another one now."""
        with self._root() as root, contextlib.ExitStack() as opened:
            at = root
            try:
                for folder in file.parts[:-1]:
                    at = os.open(folder, _OPEN | os.O_DIRECTORY, dir_fd=at)
                    opened.callback(os.close, at)
                descriptor = os.open(file.parts[-1], _OPEN, dir_fd=at)
                opened.callback(os.close, descriptor)
                about = os.fstat(descriptor)
                if not stat.S_ISREG(about.st_mode) or _identity(about) != file.identity:
                    raise Unreadable(Reason.NOT_THERE)
                return self._all_of(descriptor)
            except OSError as error:
                raise StickGone from error

    def text(self, name: str, longest: int) -> str:
        """A small plain file of this name in the stick's own folder, as ASCII; "" where there is none.

        Also of a stick that may be written to (a technician's). Raises `StickError` for a stick that cannot be read.
        """
        with (
            self._root(lambda mount: mount.inert) as root,
            contextlib.suppress(OSError),
            _opened(name, root) as (descriptor, about),
        ):
            if stat.S_ISREG(about.st_mode) and 0 < about.st_size <= longest:
                return os.pread(descriptor, longest, 0).decode("ascii", "replace")
        return ""

    # --- inside ---

    @contextlib.contextmanager
    def _root(self, fit: Callable[[Mount], bool] = lambda mount: mount.safe) -> Iterator[int]:
        """The stick's own folder, open. Raises `StickGone`, and `StickUnsafe` when the mount is not `fit`."""
        mount = self.mount()
        if mount is None:
            raise StickGone
        if not fit(mount):
            raise StickUnsafe
        try:
            root = os.open(mount.point, _OPEN | os.O_DIRECTORY)
        except OSError as error:
            raise StickGone from error
        try:
            yield root
        finally:
            os.close(root)

    def _walk(
        self, folder: int, above: tuple[str, ...], depth: int, left: list[int]
    ) -> Iterator[tuple[float, FileKind, tuple[str, ...], os.stat_result]]:
        """(time of change, kind, parts, stat) of what is wanted in `folder` and below; `left` counts names down."""
        device = os.fstat(folder).st_dev
        try:
            names = sorted(os.listdir(folder))
        except OSError as error:
            raise StickGone from error
        for name in names:
            if left[0] <= 0:
                return
            left[0] -= 1
            if name.startswith(".") or name in ("System Volume Information", "$RECYCLE.BIN"):
                continue
            with contextlib.suppress(OSError), _opened(name, folder) as (descriptor, about):
                if about.st_dev != device:
                    continue
                if stat.S_ISDIR(about.st_mode):
                    if depth < _DEEPEST:
                        yield from self._walk(descriptor, (*above, name), depth + 1, left)
                elif stat.S_ISREG(about.st_mode) and 0 < about.st_size <= self._rules.most_bytes:
                    kind = kind_of(os.pread(descriptor, _HEAD, 0))
                    if kind is not None:
                        yield about.st_mtime, kind, (*above, name), about

    def _all_of(self, descriptor: int) -> bytes:
        content = bytearray()
        while piece := os.read(descriptor, 1 << 20):
            content += piece
            if len(content) > self._rules.most_bytes:
                raise Unreadable(Reason.TOO_LARGE)
        return bytes(content)


@contextlib.contextmanager
def _opened(name: str, folder: int) -> Iterator[tuple[int, os.stat_result]]:
    """`name`, open if it is a plain file or folder. Raises OSError: a link, a device, a pipe, no right to read it."""
    about = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
        raise OSError("neither file nor folder")  # opening a device alone can make it do something
    descriptor = os.open(name, _OPEN, dir_fd=folder)
    try:
        yield descriptor, os.fstat(descriptor)
    finally:
        os.close(descriptor)


def _identity(about: os.stat_result) -> tuple[int, int, int]:
    return about.st_dev, about.st_ino, about.st_mtime_ns


def shortened(name: str) -> str:
    """Enough of a file's name to know it again: its first and last characters, without what cannot be shown."""
    stem = name.rpartition(".")[0] or name
    plain = "".join(sign for sign in stem if sign.isprintable())
    if len(plain) <= _SHOWN:
        return plain[: max(1, len(plain) - 2)] + "…" if len(plain) > 2 else plain
    return f"{plain[:4]}…{plain[-3:]}"
