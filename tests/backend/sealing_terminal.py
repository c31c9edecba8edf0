"""A terminal that is not the kiosk's own: it seals with age and speaks the HTTP of docs/backend-api.md."""

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import img2pdf
import pikepdf
import pyrage
import requests
from PIL import Image

#: An invented citizen; the check digit is right (GB 11643).
NAME = "欧阳晓禾"
NUMBER = "429006199003075127"
LAST_FOUR = NUMBER[-4:]

PATIENCE = (10, 60)  # (connect, read) seconds: far above what a loopback needs, for a busy machine


def pdf_of(pages: int, shade: int = 200) -> bytes:
    """A PDF of so many small grey pages."""
    images = []
    for page in range(pages):
        buffer = BytesIO()
        Image.new("L", (60, 80), shade - page).save(buffer, "JPEG")
        images.append(buffer.getvalue())
    return bytes(img2pdf.convert(images))


def jpegs_of(pdf: bytes) -> list[bytes]:
    """The JPEGs of a PDF, one a page."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [image.read_raw_bytes() for page in document.pages for image in page.get_images().values()]


def signature_image() -> bytes:
    """A signature, as small as can be."""
    buffer = BytesIO()
    Image.new("L", (40, 20), 255).save(buffer, "PNG")
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical_sha256(manifest: dict[str, Any]) -> str:
    """Written anew from the contract's words, not with the platform's function."""
    always = ("matter", "situation", "items", "applicant", "form", "materials")
    further = [name for name in ("replaced", "delivery", "agent", "plan") if name in manifest]
    signed = {name: manifest[name] for name in (*always, *further)}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode("utf-8"))


@dataclass
class SealedCase:
    """A case ready to send: sealed parts by name, and its envelope."""

    case_id: str
    manifest: dict[str, Any]
    clear: dict[str, bytes]
    sealed: dict[str, bytes] = field(default_factory=dict)

    @property
    def envelope(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "case_id": self.case_id,
            "sealed_at": "2026-11-21T09:41:07+08:00",
            "parts": [
                {"part": part, "sha256": sha256(content), "bytes": len(content)}
                for part, content in self.sealed.items()
            ],
            "manifest": "p00",
        }

    def sign(self) -> None:
        """Make the signature sign the manifest as it stands."""
        self.manifest["signature"]["signs"] = canonical_sha256(self.manifest)

    def seal(self, recipients: list[str]) -> "SealedCase":
        """Seal every part, the manifest as p00."""
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
        opened = {"p00": json.dumps(self.manifest, ensure_ascii=False).encode("utf-8"), **self.clear}
        self.sealed = {part: pyrage.encrypt(content, keys) for part, content in opened.items()}
        return self


def draft_case(pages: tuple[int, ...] = (1, 2)) -> SealedCase:
    """A signed case with one material for each number of pages; not sealed yet."""
    case_id = str(uuid.uuid4())
    clear = {f"p{index:02d}": pdf_of(count, 200 - 9 * index) for index, count in enumerate(pages, start=1)}
    materials = [
        {
            "slot": f"slot-{part}",
            "name": "居住地住址证明",
            "part": part,
            "pages": count,
            "sha256": sha256(clear[part]),
            "trust": "C",
        }
        for part, count in zip(clear, pages, strict=True)
    ]
    image, image_part = signature_image(), f"p{len(pages) + 1:02d}"
    clear[image_part] = image
    manifest = {
        "schema": 1,
        "case_id": case_id,
        "terminal_id": "T0",
        "matter": {"code": "N02", "name": "居住证办理一件事", "version": "2026-01"},
        "situation": {"dwelling": "rented"},
        "items": ["N02-1", "N02-2"],
        "applicant": {
            "name": NAME,
            "sex": "女",
            "ethnicity": "汉",
            "birth": "1990-03-07",
            "address": "湖北省天门市示例路1号",
            "number": NUMBER,
            "authority": "天门市公安局",
            "valid_from": "2016-05-01",
            "valid_to": None,
            "entered": "card",
            "doubts": [],
        },
        "form": {"phone": "13800000000", "rare": "㐂𠮷"},
        "materials": materials,
        "signature": {
            "part": image_part,
            "sha256": sha256(image),
            "signs": "",
            "at": "2026-11-21T09:40:58+08:00",
        },
        "consented_at": "2026-11-21T09:35:00+08:00",
        "handed_in_at": "2026-11-21T09:41:00+08:00",
        "local_number": "L-0001",
        "sample": True,
    }
    case = SealedCase(case_id, manifest, clear)
    case.sign()
    return case


def metadata(**named: str) -> str:
    """The value of `Upload-Metadata`."""
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in named.items())


class SealingTerminal:
    """An enrolled terminal."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Tus-Resumable"] = "1.0.0"
        self.terminal_id = ""
        self.recipients: list[str] = []
        if token:
            self.authorize(token)

    def authorize(self, token: str) -> None:
        self.session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """One request; `path` may be a whole address."""
        return self.session.request(method, urljoin(self.url, path), timeout=PATIENCE, **more)

    def enrol(self, code: str, name: str = "一号机") -> requests.Response:
        answer = self.ask("POST", "/v1/terminals/enrol", json={"code": code, "name": name})
        if answer.ok:
            self.authorize(answer.json()["token"])
            self.terminal_id = answer.json()["terminal_id"]
            self.recipients = answer.json()["recipients"]
        return answer

    def create(self, case_id: str, name: str, content: bytes, **instead: str) -> requests.Response:
        said = {"case": case_id, "part": name, "sha256": sha256(content)} | instead
        headers = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(**said)}
        return self.ask("POST", "/v1/files", headers=headers)

    def patch(self, location: str, offset: int, content: bytes, **headers: str) -> requests.Response:
        said = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("PATCH", location, headers=said | more, data=content)

    def offset(self, location: str) -> int:
        return int(self.ask("HEAD", location).headers["Upload-Offset"])

    def send(self, case_id: str, part: str, content: bytes) -> str:
        """Create and send a part whole; its address."""
        location = self.create(case_id, part, content).headers["Location"]
        assert self.patch(location, 0, content).status_code == 204
        return location

    def send_all(self, case: SealedCase) -> None:
        for part, content in case.sealed.items():
            self.send(case.case_id, part, content)

    def hand_in(self, case: SealedCase) -> requests.Response:
        return self.ask("PUT", f"/v1/cases/{case.case_id}", json=case.envelope)

    def files(self, case_id: str) -> list[dict[str, Any]]:
        return list(self.ask("GET", f"/v1/files?case={case_id}").json()["files"])

    def close(self) -> None:
        self.session.close()
