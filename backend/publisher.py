"""The key that signs what terminals download, and the envelope it signs in: DSSE v1 (secure-systems-lab/dsse)."""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from backend.durable import PRIVATE, write_once
from backend.signing import key_id_of

PAYLOAD_TYPE = "application/vnd.joint-service.download+json"


class Publisher:
    """An Ed25519 key whose public half terminals were given when they were enrolled."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        raw = private.public_key().public_bytes_raw()
        self.public = base64.b64encode(raw).decode("ascii")
        self.key_id = key_id_of(raw)

    @classmethod
    def kept(cls, file: Path) -> "Publisher":
        """The key in `file`, made when there is none. Raises ValueError when the file holds another kind of key."""
        if not file.exists():
            made = Ed25519PrivateKey.generate()
            pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_once(file, pem.decode("ascii"))
        file.chmod(PRIVATE)
        private = load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError(f"{file.name} is no Ed25519 key")
        return cls(private)

    def signed(self, payload: bytes) -> bytes:
        """`payload` in its signed envelope, as JSON."""
        signature = base64.b64encode(self._private.sign(dsse_base(PAYLOAD_TYPE, payload))).decode("ascii")
        said = {
            "payload": base64.b64encode(payload).decode("ascii"),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"keyid": self.key_id, "sig": signature}],
        }
        return json.dumps(said, sort_keys=True).encode("ascii")


def dsse_base(payload_type: str, payload: bytes) -> bytes:
    """What is signed: DSSE's pre-authentication encoding, which says the type and both lengths."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
