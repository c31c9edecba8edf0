"""A believed package becomes a release beside the others. Whatever ends it midway leaves those as they are."""

import os
import shutil
import subprocess
from pathlib import Path

from ground.durable import sync_folder
from tools.release.errors import NoRoom, Unfit
from tools.release.tree import UNFINISHED, Tree
from tools.release.trusted import Offer

#: Package, unpacked wheels, environment and compiled files take this many times the package's own size at their most
#: (measured: 293 MB of package make 907 MB of release), and something must be left to live on.
_GROWS = 4
_LEFT_BYTES = 300 * 1024 * 1024
_INSIDE = Path("usr/lib/tiantianshun")


def architecture() -> str:
    """Debian's name for this machine."""
    return _said("dpkg", "--print-architecture").strip()


def need_bytes(package_bytes: int) -> int:
    """Free bytes that are asked for before a package is fetched or unpacked."""
    return package_bytes * _GROWS + _LEFT_BYTES


def require_room(folder: Path, package_bytes: int) -> None:
    """Raises `NoRoom`."""
    free, need = shutil.disk_usage(folder).free, need_bytes(package_bytes)
    if free < need:
        raise NoRoom(free_mb=free // 2**20, need_mb=need // 2**20)


def install(tree: Tree, package: Path, offer: Offer) -> None:
    """Make a release of a package that was believed. Raises `Unfit`, `NoRoom`."""
    check(package, offer)
    require_room(tree.folder, package.stat().st_size)
    place = tree.release(offer.version)
    if tree.complete(offer.version):
        return
    _clear(tree, place)
    place.mkdir(parents=True)
    (place / UNFINISHED).touch()
    sync_folder(place)
    unpacked = place / ".unpacked"
    _said("dpkg-deb", "-x", str(package), str(unpacked))
    for part in (unpacked / _INSIDE).iterdir():
        part.rename(place / part.name)
    shutil.rmtree(unpacked)
    wheels = place / "wheels"
    # the release's own script: it knows what its environment needs
    _said("sh", str(place / "deploy/install.sh"), "--beside", "--no-packages", "--wheels", str(wheels))
    shutil.rmtree(wheels, ignore_errors=True)  # they are in its environment now; the package has them still
    os.sync()
    (place / UNFINISHED).unlink()
    sync_folder(place)


def check(package: Path, offer: Offer) -> None:
    """Whether it is ours, for this machine, and all of Debian's packages that it needs are here. Raises `Unfit`."""
    told = {}
    for line in _said(
        "dpkg-deb", "-f", str(package), "Package", "Version", "Architecture", "Depends"
    ).splitlines():
        name, _, value = line.partition(": ")
        told[name] = value
    if (told.get("Package"), told.get("Version")) != ("tiantianshun", offer.version):
        raise Unfit(why="another package", package=told.get("Package"), version=told.get("Version"))
    if told.get("Architecture") not in (architecture(), "all") or offer.architecture != told["Architecture"]:
        raise Unfit(why="architecture", of=told.get("Architecture"))
    lacking = [each for each in _alternatives(told.get("Depends", "")) if not any(map(_is_installed, each))]
    if lacking:
        raise Unfit(why="needs", packages=", ".join(each[0] for each in lacking))


def _alternatives(depends: str) -> list[list[str]]:
    wanted = [each.strip() for each in depends.split(",") if each.strip()]
    return [[one.split("(")[0].split(":")[0].strip() for one in each.split("|")] for each in wanted]


def _is_installed(name: str) -> bool:
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}", name]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout == "installed"


def _clear(tree: Tree, place: Path) -> None:
    for old in (tree.folder / "releases").glob("*"):
        if (old / UNFINISHED).exists() or old == place:
            shutil.rmtree(old, ignore_errors=True)


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    except OSError as error:
        raise Unfit(why="tool", tool=command[0]) from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise Unfit(why="install", tool=command[0], said=last[:120])
    return done.stdout
