"""The machine's software: Debian's kernel, and an initramfs of busybox, Python and the outbox."""

import importlib.machinery
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "linux-image-cloud-amd64"
_MODULES = (
    "virtio_ring",
    "virtio",
    "virtio_pci_legacy_dev",
    "virtio_pci_modern_dev",
    "virtio_pci",
    "virtio_blk",
)
_BUSYBOX = Path("/bin/busybox")
_INIT = """\
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
for module in {early}; do /bin/busybox insmod /modules/$module.ko; done
/bin/busybox stty -F /dev/ttyS1 raw -echo
export PYTHONPATH={path} PYTHONDONTWRITEBYTECODE=1 PYTHONNOUSERSITE=1
exec {python} -m bench.powercut.guest /modules/virtio_blk.ko < /dev/ttyS1 > /dev/ttyS1 2> /dev/ttyS0
"""
#: Everything is used once, so that what is imported late is in the list too.
_LIST = """
import sys, tempfile
from pathlib import Path
from bench.powercut import guest
folder = Path(tempfile.mkdtemp())
outbox = guest.open_outbox(folder / "t", "x", folder)
outbox.hand_in(guest.case_of(1))
outbox.keep_draft("1", 0, guest.page_of(1))
sys.stdout = open("/dev/null", "w")
guest.take_stock(outbox)
sys.stdout = sys.__stdout__
for module in list(sys.modules.values()):
    for name in (getattr(module, "__file__", None), *getattr(module, "__path__", ())):
        if name:
            print(name)
"""


class NoKernel(Exception):
    """Debian's kernel could not be had."""


def kernel(folder: Path) -> tuple[Path, Path]:
    """vmlinuz and the folder of its modules, unpacked from Debian's package. Raises `NoKernel`."""
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("boot/vmlinuz-*")):
        told = subprocess.run(
            ["apt-cache", "depends", PACKAGE], capture_output=True, text=True, check=False
        ).stdout
        found = re.search(r"Depends: (linux-image-\S+)", told)
        if found is None:
            raise NoKernel(PACKAGE)
        for command in (["apt-get", "download", found[1]], ["sh", "-c", "dpkg -x linux-image-*.deb ."]):
            if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0:
                raise NoKernel(found[1])
    return next(folder.glob("boot/vmlinuz-*")), next(folder.glob("lib/modules/*"))


def initramfs(file: Path, modules: Path) -> None:
    """Write it; some 40 MB, uncompressed."""
    found = {name: next(modules.rglob(f"{name}.ko")) for name in _MODULES}
    python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    init = _INIT.format(
        early=" ".join(_MODULES[:-1]), python=python, path=":".join([str(ROOT), *_site_folders()])
    )
    archive = _Archive()
    for folder in ("proc", "dev", "tmp", "queue"):
        archive.folder(Path("/") / folder)
    archive.add(Path("/init"), init.encode("ascii"))
    archive.add(Path("/bin/busybox"), _BUSYBOX.read_bytes())
    for name, source in found.items():
        archive.add(Path("/modules") / f"{name}.ko", source.read_bytes())
    for source in _python_files(python):
        archive.add(source, source.read_bytes())
    file.write_bytes(archive.whole())


def _site_folders() -> list[str]:
    return [path for path in sys.path if path.endswith("site-packages")]


def _python_files(python: Path) -> set[Path]:
    """The interpreter, every module that a hand-in imports, what the outbox reads, and their libraries."""
    listed = subprocess.run(
        [sys.executable, "-c", _LIST], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = {Path(line) for line in listed.stdout.splitlines() if Path(line).is_file()}
    files |= {python, Path(sys.base_prefix) / f"lib/python3.{sys.version_info.minor}/os.py"}
    files |= set((ROOT / "offline_cache").rglob("*.sql"))
    files |= {ROOT / "bench/__init__.py", ROOT / "bench/powercut/guest.py"}
    files |= set(_encodings())
    binary = [
        each for each in files if each == python or each.suffix in importlib.machinery.EXTENSION_SUFFIXES
    ]
    binary += [each for each in files if ".so" in each.suffixes]
    return files | set(_libraries(binary))


def _encodings() -> Iterator[Path]:
    for name in ("idna", "ascii", "latin_1", "utf_8", "aliases", "__init__"):
        yield Path(sys.base_prefix) / f"lib/python3.{sys.version_info.minor}/encodings/{name}.py"


def _libraries(binaries: Iterable[Path]) -> Iterator[Path]:
    """As the dynamic loader finds them, the loader itself among them."""
    told = subprocess.run(
        ["ldd", *map(str, binaries)], capture_output=True, text=True, check=False, env={**os.environ}
    ).stdout
    for name in set(re.findall(r"(/\S+\.so\S*)(?= \(0x)", told)):
        yield Path(name)


class _Archive:
    """A cpio archive of the form "newc" (Documentation/driver-api/early-userspace/buffer-format.rst)."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._made: set[Path] = set()

    def folder(self, path: Path) -> None:
        """A folder, with those above it."""
        if path == Path("/") or path in self._made:
            return
        self.folder(path.parent)
        self._made.add(path)
        self._entry(str(path)[1:], 0o040755, b"")

    def add(self, path: Path, content: bytes) -> None:
        """A file that may be executed."""
        self.folder(path.parent)
        self._entry(str(path)[1:], 0o100755, content)

    def whole(self) -> bytes:
        """The archive with its end."""
        self._entry("TRAILER!!!", 0, b"")
        return b"".join(self._pieces)

    def _entry(self, name: str, mode: int, content: bytes) -> None:
        at, raw = len(self._pieces), name.encode() + b"\0"
        numbers = (at, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(raw), 0)
        head = b"070701" + "".join(f"{number:08x}" for number in numbers).encode("ascii")
        for piece in (head + raw, content):
            self._pieces.append(piece + b"\0" * (-len(piece) % 4))
