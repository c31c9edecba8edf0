"""What every table of the configuration shares."""

from pydantic import BaseModel, ConfigDict

#: HH:MM on the hall's clock
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Section(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
