"""What an operator may set, in `platform.toml` of the data folder. Every value has a default that works."""

import tomllib
from pathlib import Path

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
    #: Failed enrolments that one address may make a minute.
    enrolments_per_minute: int = Field(default=10, ge=1)
    #: An enrolment code nobody used is void after this many hours.
    code_valid_hours: int = Field(default=72, ge=1)


def load_settings(data: Path) -> Settings:
    """The settings in `data`/platform.toml, or the defaults when there is none.

    Raises `pydantic.ValidationError` or `tomllib.TOMLDecodeError` when the file is wrong.
    """
    file = data / FILE_NAME
    if not file.exists():
        return Settings()
    return Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
