"""A citizen's phone: a browser without script and cookies, as old ones are."""

import io
import re
from dataclasses import dataclass, field
from typing import Any

import requests
from PIL import Image

PATIENCE = (10, 60)


def photo(shade: int = 120, size: tuple[int, int] = (400, 300)) -> bytes:
    """A JPEG as a phone takes it."""
    buffer = io.BytesIO()
    Image.new("RGB", size, (shade, shade, shade)).save(buffer, "JPEG")
    return buffer.getvalue()


@dataclass
class Phone:
    """Scans a code, looks at the page, sends files through its form."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def look(self) -> requests.Response:
        return self.session.get(self.url, timeout=PATIENCE)

    def send(self, *contents: bytes, name: str = "IMG_0001.jpg") -> requests.Response:
        """Choose these files and send the form; follows the way back to the page."""
        files: list[Any] = [("page", (name, content, "image/jpeg")) for content in contents]
        files.append(
            ("page", ("", b"", "application/octet-stream"))
        )  # the other input, in which nothing was chosen
        return self.session.post(self.url, files=files, timeout=PATIENCE)

    def close(self) -> None:
        self.session.close()


def said(answer: requests.Response) -> list[str]:
    """What the page says in large letters."""
    return re.findall(r'<p class="said [a-z]+">([^<]*)', answer.text)
