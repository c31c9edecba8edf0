"""A terminal's side of trust: what the newest release is, and its package, believed only as TUF demands (ADR 0078)."""

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from tuf.api import exceptions
from tuf.api.metadata import Metadata
from tuf.ngclient import Updater

from ground.clock import Clock
from ground.durable import sync_folder
from tools.release import errors
from tools.release.fetching import FolderFetcher, HttpFetcher
from tools.release.repository import RELEASES

_HERE = "file:///"


class Offer(BaseModel):
    """The newest release of a channel, as its publisher signed it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version_of_form: Literal[1] = Field(alias="schema")
    version: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+){1,3}([a-z]+[0-9]+)?$", max_length=40)]
    channel: Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
    architecture: Annotated[str, Field(pattern=r"^[a-z0-9]{1,20}$")]
    database: Annotated[int, Field(ge=0, description="the newest migration of the outbox that it knows")]
    file: Annotated[str, Field(pattern=r"^releases/[A-Za-z0-9_.+~-]{1,150}\.deb$")]
    at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Source:
    """Where a repository is: one of both."""

    url: str = ""
    folder: Path | None = None


class Trusted:
    """One round with a repository. Not for two at a time on the same `state`; each method raises `ReleaseError`."""

    def __init__(
        self, state: Path, root: bytes, source: Source, clock: Clock, verify: str | None = None
    ) -> None:
        """`state`: what this terminal has seen already; `root`: in whom trust begins, from the installation."""
        self._state = state
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._fetcher: HttpFetcher | FolderFetcher
        if source.folder is not None:
            self._fetcher, base = FolderFetcher(source.folder), _HERE
        else:
            self._fetcher, base = HttpFetcher(state / "work", clock, verify), source.url.rstrip("/") + "/"
        with _translated():
            self._updater = Updater(
                str(state),
                f"{base}metadata/",
                target_dir=str(state / "work"),
                target_base_url=f"{base}targets/",
                fetcher=self._fetcher,
                bootstrap=root,
            )

    def close(self) -> None:
        """Let go of the line."""
        self._fetcher.close()

    def offer(self, channel: str) -> Offer:
        """The newest release of a channel."""
        with _translated():
            self._updater.refresh()
            target = self._updater.get_targetinfo(f"{RELEASES}/{channel}.json")
        if target is None:
            raise errors.NothingThere(channel=channel)
        with _translated(content=True):
            path = Path(self._updater.download_target(target))
        try:
            return Offer.model_validate(json.loads(path.read_bytes()))
        except (ValueError, ValidationError) as error:
            raise errors.Unfit(why="the list of releases") from error

    def size(self, offer: Offer) -> int:
        """Bytes of its package."""
        with _translated():
            target = self._updater.get_targetinfo(offer.file)
        if target is None:
            raise errors.NothingThere(version=offer.version)
        return target.length

    def package(self, offer: Offer, place: Path) -> Path:
        """Its package, in `place` when all of it is what was signed."""
        with _translated():
            target = self._updater.get_targetinfo(offer.file)
        if target is None:
            raise errors.NothingThere(version=offer.version)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _translated(content=True):
            if self._updater.find_cached_target(target, str(place)) is None:
                fresh = place.with_name(place.name + ".new")
                self._updater.download_target(target, str(fresh))
                fresh.replace(place)
        return place

    def mirror(self, offer: Offer, folder: Path) -> None:
        """The same repository as far as this release needs it, for somebody who believes it no more than the server.

        Whole or not there: it is made beside and renamed.
        """
        fresh = folder.with_name(folder.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        (fresh / "metadata").mkdir(parents=True, mode=0o700)
        for root in (self._state / "root_history").glob("*.root.json"):
            shutil.copyfile(root, fresh / "metadata" / root.name)
        shutil.copyfile(self._state / "timestamp.json", fresh / "metadata" / "timestamp.json")
        for name in ("snapshot", "targets", RELEASES):
            held = self._state / f"{name}.json"
            version = Metadata.from_file(str(held)).signed.version
            shutil.copyfile(held, fresh / "metadata" / f"{version}.{name}.json")
        for path in (f"{RELEASES}/{offer.channel}.json", offer.file):
            target = self._updater.get_targetinfo(path)
            if target is None:
                raise errors.NothingThere(version=offer.version)
            name = path.rpartition("/")[2]
            place = fresh / "targets" / RELEASES / f"{next(iter(target.hashes.values()))}.{name}"
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _translated(content=True):
                self._updater.download_target(target, str(place))
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
        sync_folder(folder.parent)


@contextlib.contextmanager
def _translated(*, content: bool = False) -> Iterator[None]:
    """python-tuf's errors as ours. `content`: what is read now is a release, no longer the lists."""
    try:
        yield
    except exceptions.ExpiredMetadataError as error:
        raise errors.Stale(file=_first(error)) from error
    except exceptions.BadVersionNumberError as error:
        raise errors.OlderOffered(why=_first(error)) from error
    except exceptions.UnsignedMetadataError as error:
        raise errors.Untrusted(why=_first(error)) from error
    except exceptions.DownloadLengthMismatchError as error:
        raise errors.WrongContent(why="longer than signed") from error
    except exceptions.LengthOrHashMismatchError as error:
        kind = errors.WrongContent if content else errors.Mixed
        raise kind(why=_first(error)) from error
    except exceptions.DownloadHTTPError as error:
        raise errors.NotReached(status=error.status_code) from error
    except exceptions.DownloadError as error:
        raise errors.NotReached(why=_first(error)) from error
    except exceptions.RepositoryError as error:
        raise errors.Mixed(why=_first(error)) from error
    except OSError as error:
        raise errors.NotReached(why=type(error).__name__, errno=error.errno) from error


def _first(error: Exception) -> str:
    """Its first words: python-tuf quotes addresses and whole lists further on."""
    return (str(error).splitlines() or [""])[0][:120]
