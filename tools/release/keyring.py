"""The publisher's keys: Ed25519, one file each, sealed with a passphrase. Public halves travel as small JSON files."""

import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, Key, SSlibKey

from tools.release.errors import KeysMissing

PASSPHRASE = "KIOSK_RELEASE_PASSPHRASE"  #: name of the environment's variable; a person is never asked twice


def new_key(folder: Path, name: str, passphrase: str) -> Path:
    """Make a key pair: NAME.key for its holder alone, NAME.pub for everybody. Never writes over one."""
    private = Ed25519PrivateKey.generate()
    sealed: KeySerializationEncryption = NoEncryption()
    if passphrase:
        sealed = BestAvailableEncryption(passphrase.encode("utf-8"))
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise KeysMissing(why="there is one already", file=path.name) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    public = CryptoSigner(private).public_key
    told = {"keyid": public.keyid, **public.to_dict()}
    path.with_suffix(".pub").write_text(json.dumps(told, indent=1) + "\n", encoding="ascii")
    return path


def signer(path: Path, passphrase: str) -> CryptoSigner:
    """The key in `path`. Raises `KeysMissing`."""
    try:
        private: Any = load_pem_private_key(
            path.read_bytes(), passphrase.encode("utf-8") if passphrase else None
        )
    except (
        OSError,
        ValueError,
        TypeError,
    ) as error:  # TypeError: sealed, and no passphrase given; or not sealed
        raise KeysMissing(file=path.name, why=type(error).__name__) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeysMissing(file=path.name, why="no Ed25519 key")
    return CryptoSigner(private)


def public_key(path: Path) -> Key:
    """The public half in a file. Raises `KeysMissing`."""
    try:
        told = json.loads(path.read_bytes())
        return SSlibKey.from_dict(str(told.pop("keyid")), told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeysMissing(file=path.name, why=type(error).__name__) from error
