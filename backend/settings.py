"""What an operator may set, in `platform.toml` of the data folder. Every value has a default that works."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FILE_NAME = "platform.toml"


class Settings(BaseModel):
    """The platform's settings. Units are in the names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: First part of every acceptance number, six digits (GB/T 2260). 429006 is Tianmen from memory: it was never
    #: checked against the register, so it is a setting and not a constant.
    region_code: str = Field(default="429006", pattern=r"^[0-9]{6}$")
    #: Largest sealed part. Chosen: five times twenty A4 pages at 300 dpi as JPEG.
    part_max_bytes: int = Field(default=100 * 1024 * 1024, ge=1024)
    #: Most parts of one case: p00 to p99, what a terminal can name.
    case_max_parts: int = Field(default=100, ge=2)
    #: Most unfinished or unclaimed parts that one terminal may have here; chosen: weeks of an offline queue.
    terminal_max_files: int = Field(default=4096, ge=2)
    #: A PATCH that brings no byte for so long is ended; what came is kept. Chosen: outlasts a mobile link's stall.
    patch_idle_s: float = Field(default=30.0, gt=0)
    #: Questions about progress that one terminal may ask a minute (a citizen asks once or twice).
    progress_per_minute: int = Field(default=20, ge=1)
    #: Questions about a person (cases, earlier values, drafts) that one terminal may ask a minute.
    people_per_minute: int = Field(default=30, ge=1)
    #: Pages of drafts that one terminal may fetch a minute; a draft has at most as many as a case.
    draft_pages_per_minute: int = Field(default=240, ge=1)
    #: A draft nobody took up is deleted after so many days. The customer's figure.
    draft_days: int = Field(default=30, ge=1, le=366)
    #: How long a citizen's consent to be asked for counts. The customer's figure.
    consent_minutes: int = Field(default=15, ge=1)
    #: From how far back values of earlier cases are told, and of how many cases at most. The customer's figures.
    earlier_days: int = Field(default=731, ge=1)
    earlier_most_cases: int = Field(default=5, ge=1)
    #: Ratings that one address may send a minute from phones; a whole hall may share one address.
    ratings_per_minute: int = Field(default=30, ge=1)
    #: Failed enrolments that one address may make a minute.
    enrolments_per_minute: int = Field(default=10, ge=1)
    #: An enrolment code nobody used is void after this many hours.
    code_valid_hours: int = Field(default=72, ge=1)
    #: Who must sign its requests: "given" every terminal that gave its key, "all" every terminal.
    signatures: Literal["given", "all"] = "given"
    #: How far a terminal's clock may be off in a signature, either way; within it a signature is remembered.
    signature_window_s: int = Field(default=300, ge=10, le=3600)
    #: Whether this platform holds a key that opens what is sealed (age). If not, terminals send what they have opened
    #: themselves, over TLS, and the platform's own storage is what protects it.
    opens_age: bool = True
    #: Further public keys that everything is sealed to, such as an archive's. This platform cannot open for them.
    other_recipients: tuple[str, ...] = ()
    #: Where phones reach this platform, such as https://ywt.example.cn; empty: where the asking terminal reaches it.
    public_url: str = Field(default="", pattern=r"^(https?://[A-Za-z0-9.:\-\[\]]+(/[A-Za-z0-9._~/\-]*)?)?$")
    #: Longest life of a code that opens the upload page; the terminal asks for less. Chosen.
    phone_most_minutes: int = Field(default=15, ge=1, le=60)
    #: Most pictures of one phone upload; no material of the catalogue takes more pages.
    phone_most_pages: int = Field(default=20, ge=1)
    #: Largest picture from a phone. A 50-megapixel phone writes 8 to 16 MB.
    phone_picture_max_bytes: int = Field(default=20 * 1024 * 1024, ge=1024)
    #: Most that one sending of a phone may hold. Chosen: a handful of large pictures.
    phone_body_max_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)
    #: Memory for all pictures that wait here or arrive. Chosen: thirty terminals with two pictures each.
    phone_memory_bytes: int = Field(default=512 * 1024 * 1024, ge=1024)
    #: A phone that sends nothing for so long is given up.
    phone_idle_s: float = Field(default=30.0, gt=0)
    #: How long pictures are kept after their code is void, so that the terminal can take the last one.
    phone_taking_over_s: float = Field(default=30.0, ge=0)
    #: Codes that one terminal may ask for a minute.
    phone_uploads_per_minute: int = Field(default=12, ge=1)
    #: Wrong codes from one address a minute; a whole hall may share one address.
    phone_guesses_per_minute: int = Field(default=30, ge=1)


def load_settings(data: Path) -> Settings:
    """The settings in `data`/platform.toml, or the defaults when there is none.

    Raises `pydantic.ValidationError` or `tomllib.TOMLDecodeError` when the file is wrong.
    """
    file = data / FILE_NAME
    if not file.exists():
        return Settings()
    return Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
