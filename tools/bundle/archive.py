"""A bundle as a file: the same things give the same bytes; a manifest names each by its SHA-256, signed."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from kiosk.running import Signer

MOST_BYTES: Final = 20 * 1024 * 1024  #: packed
MOST_UNPACKED: Final = 64 * 1024 * 1024
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
#: before what is signed: the terminal's key also signs requests, seals, exports and statements
DOMAIN: Final = b"tiantianshun-support-bundle-1\n"
FORMAT: Final = 1
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip knows: when it was made stands in the manifest


class BadBundle(Exception):
    """A file is no bundle of ours, or not as it was made. The argument says why."""


def packed(members: Mapping[str, bytes], told: Mapping[str, Any], signer: Signer | None) -> bytes:
    """The zip. `told`: what the manifest says besides its list."""
    files = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(members.items())
    ]
    manifest = json.dumps(
        {"format": FORMAT, **told, "key": signer.key_id if signer else "", "files": files},
        ensure_ascii=True, indent=1, sort_keys=True,
    ).encode("ascii")  # fmt: skip
    whole = {**members, MANIFEST: manifest}
    if signer is not None:
        whole[SIGNATURE] = base64.b64encode(signer.sign(DOMAIN + manifest))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(whole.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                0o600 << 16,
                3,
            )
            archive.writestr(entry, content)
    return stream.getvalue()


def unpacked(content: bytes) -> tuple[dict[str, bytes], dict[str, Any], bytes]:
    """Members, manifest, signature (b"" for none) of a bundle whose list is right. Raises `BadBundle`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MOST_UNPACKED or len(infos) > 100:
                raise BadBundle("large")
            members = {info.filename: archive.read(info) for info in infos}
        manifest = json.loads(members.pop(MANIFEST))
        signature = base64.b64decode(members.pop(SIGNATURE, b""), validate=True)
        listed = {one["name"]: one["sha256"] for one in manifest["files"]}
    except (
        zipfile.BadZipFile,
        KeyError,
        TypeError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise BadBundle("unreadable") from error
    if listed != {name: hashlib.sha256(each).hexdigest() for name, each in members.items()}:
        raise BadBundle("changed")
    return members, manifest, signature


def signed_part(content: bytes) -> bytes:
    """What the signature of a bundle is made of. Raises `BadBundle`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return DOMAIN + archive.read(MANIFEST)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadBundle("unreadable") from error
