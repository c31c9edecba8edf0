"""The publisher's side: a folder that any static server can serve, written with python-tuf (ADR 0078).

`metadata/N.root.json`, `metadata/N.targets.json` (signed by the offline keys, both by the threshold),
`metadata/N.releases.json` (a delegation: the key of who makes releases), `metadata/N.snapshot.json`,
`metadata/timestamp.json` (the online key), `targets/releases/HASH.FILE`. What waits for signatures lies in `pending/`.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner, Key
from tuf.api.exceptions import RepositoryError, UnsignedMetadataError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from ground.clock import Clock
from ground.durable import write_whole
from tools.release.errors import KeysMissing, Mixed, NothingThere, Untrusted

RELEASES = "releases"  #: the delegated role, the folder of its targets, and its only path
#: How long each role's word holds. Chosen: a terminal that nobody serves for half a year still updates; who withholds
#: newer releases is noticed after two weeks; root keys are taken out of the safe once a year.
LIFETIMES = {
    "root": timedelta(days=400),
    "targets": timedelta(days=400),
    RELEASES: timedelta(days=400),
    "snapshot": timedelta(days=60),
    "timestamp": timedelta(days=14),
}
_OFFLINE = ("root", "targets")


@dataclass(frozen=True, slots=True)
class Holders:
    """Whose signatures count."""

    offline: Sequence[Key]  #: sign root and targets, `threshold` of them
    threshold: int
    releases: Key  #: signs what is released
    online: Key  #: signs snapshot and timestamp, on the server


class Repository:
    """One repository of releases on the publisher's disk."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    @property
    def metadata(self) -> Path:
        return self._folder / "metadata"

    def draft(self, holders: Holders) -> None:
        """A first or next root and targets, to be signed by `sign`. Raises `KeysMissing`."""
        if not 1 <= holders.threshold <= len({key.keyid for key in holders.offline}):
            raise KeysMissing(why="threshold", keys=len(holders.offline), threshold=holders.threshold)
        root = Root(version=self._newest("root") + 1, expires=self._until("root"), consistent_snapshot=True)
        root.roles = {role: Role([], 1) for role in ("root", "targets", "snapshot", "timestamp")}
        for role in _OFFLINE:
            for key in holders.offline:
                root.add_key(key, role)
            root.roles[role].threshold = holders.threshold
        for role in ("snapshot", "timestamp"):
            root.add_key(holders.online, role)
        given = DelegatedRole(RELEASES, [holders.releases.keyid], 1, True, paths=[f"{RELEASES}/*"])
        targets = Targets(version=self._newest("targets") + 1, expires=self._until("targets"))
        targets.delegations = Delegations({holders.releases.keyid: holders.releases}, {RELEASES: given})
        drafts: dict[str, Any] = {"root": root, "targets": targets}
        for name, signed in drafts.items():
            content = Metadata[Any](signed).to_bytes(_SERIALIZER)
            self._write(self._folder / "pending" / f"{name}.json", content)

    def sign(self, signer: CryptoSigner) -> dict[str, bool]:
        """Add a signature to what is pending; what has enough takes its place. Role → whether it has."""
        pending = {name: self._pending(name) for name in _OFFLINE}
        if not any(pending.values()):
            raise NothingThere(what="pending")
        done = {}
        root = pending["root"] or self._held("root")
        for name, metadata in pending.items():
            if metadata is not None:
                metadata.sign(signer, append=True)
                done[name] = self._signed_enough(name, metadata, root)
                place = self._folder / "pending" / f"{name}.json"
                self._write(place, metadata.to_bytes(_SERIALIZER))
        if all(
            done.values()
        ):  # both or neither: a new root with the old list of delegations would fit nobody
            for name, metadata in pending.items():
                if metadata is not None:
                    self._write(self._place(name, metadata.signed.version), metadata.to_bytes(_SERIALIZER))
            shutil.rmtree(self._folder / "pending")
        return done

    def publish(self, package: Path, about: dict[str, Any], key: CryptoSigner, online: CryptoSigner) -> str:
        """Hand a package out as the newest of its channel; its path in the repository.

        `about`: version, channel, architecture, database. Raises `KeysMissing`, `Untrusted`.
        """
        version = self._newest(RELEASES)
        held = self._held(RELEASES) if version else Metadata(Targets())
        listed: Targets = held.signed
        listed.version, listed.expires = version + 1, self._until(RELEASES)
        path = f"{RELEASES}/{package.name}"
        target = TargetFile.from_file(path, str(package), ["sha256"])
        if listed.targets.get(path, target) != target:
            raise Mixed(why="this name was published with other content", file=package.name)
        listed.targets[path] = target
        pointer = f"{RELEASES}/{about['channel']}.json"
        made = {"at": self._clock.now().isoformat(timespec="seconds"), "file": path}
        said = json.dumps({"schema": 1, **about, **made}, sort_keys=True).encode("ascii")
        listed.targets[pointer] = TargetFile.from_data(pointer, said, ["sha256"])
        held.sign(key)
        self._believed(RELEASES, held)
        for name, content in ((path, package), (pointer, said)):
            self._put(listed.targets[name], content)
        self._write(self._place(RELEASES, listed.version), held.to_bytes(_SERIALIZER))
        self.refresh(online)
        return path

    def refresh(self, online: CryptoSigner) -> None:
        """A new snapshot and timestamp: what is here is the newest, and it still is today."""
        snapshot = Snapshot(version=self._newest("snapshot") + 1, expires=self._until("snapshot"))
        snapshot.meta = {}
        for name in ("targets", RELEASES):
            if version := self._newest(name):
                content = self._place(name, version).read_bytes()
                snapshot.meta[f"{name}.json"] = MetaFile.from_data(version, content, ["sha256"])
        content = self._signed("snapshot", Metadata(snapshot), online)
        self._write(self._place("snapshot", snapshot.version), content)
        old = self.metadata / "timestamp.json"
        version = Metadata[Timestamp].from_file(str(old)).signed.version if old.exists() else 0
        timestamp = Timestamp(version=version + 1, expires=self._until("timestamp"))
        timestamp.snapshot_meta = MetaFile.from_data(snapshot.version, content, ["sha256"])
        self._write(old, self._signed("timestamp", Metadata(timestamp), online))

    def status(self) -> list[dict[str, Any]]:
        """Each role: version, until when, and whether that is over."""
        told = []
        for name in (*_OFFLINE, RELEASES, "snapshot", "timestamp"):
            metadata = self._held(name)
            until = metadata.signed.expires
            told.append(
                {
                    "role": name,
                    "version": metadata.signed.version,
                    "until": until.isoformat(),
                    "expired": until < self._clock.now(),
                }
            )
        return told

    def _until(self, role: str) -> Any:
        return (self._clock.now() + LIFETIMES[role]).replace(microsecond=0)

    def _place(self, name: str, version: int) -> Path:
        file = f"{name}.json" if name == "timestamp" else f"{version}.{name}.json"
        return self.metadata / file

    def _newest(self, name: str) -> int:
        versions = [path.name.partition(".")[0] for path in self.metadata.glob(f"*.{name}.json")]
        return max((int(version) for version in versions if version.isdecimal()), default=0)

    def _held(self, name: str) -> Metadata[Any]:
        try:
            return Metadata.from_file(str(self._place(name, self._newest(name))))
        except (OSError, DeserializationError, RepositoryError) as error:
            raise NothingThere(what=f"{name}.json") from error

    def _pending(self, name: str) -> Metadata[Any] | None:
        path = self._folder / "pending" / f"{name}.json"
        return Metadata.from_file(str(path)) if path.exists() else None

    def _signed_enough(self, name: str, metadata: Metadata[Any], root: Metadata[Any]) -> bool:
        judges = [root.signed]
        if name == "root" and self._newest("root"):
            judges.append(
                self._held("root").signed
            )  # the holders before must agree to those that follow them
        try:
            for judge in judges:
                judge.verify_delegate(name, metadata.signed_bytes, metadata.signatures)
        except UnsignedMetadataError:
            return False
        return True

    def _believed(self, name: str, metadata: Metadata[Any]) -> None:
        giver = self._held("targets" if name == RELEASES else "root").signed
        try:
            giver.verify_delegate(name, metadata.signed_bytes, metadata.signatures)
        except UnsignedMetadataError as error:
            raise Untrusted(role=name) from error

    def _signed(self, name: str, metadata: Metadata[Any], signer: CryptoSigner) -> bytes:
        metadata.sign(signer)
        self._believed(name, metadata)
        return metadata.to_bytes(_SERIALIZER)

    def _put(self, target: TargetFile, content: bytes | Path) -> None:
        folder, _, name = target.path.rpartition("/")
        place = self._folder / "targets" / folder / f"{target.hashes['sha256']}.{name}"
        if isinstance(content, bytes):
            self._write(place, content)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(place.name + ".new")
        shutil.copyfile(content, fresh)
        fresh.replace(place)

    def _write(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, content, 0o644)


_SERIALIZER = JSONSerializer(compact=False)
