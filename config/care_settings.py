"""`[care]`: how the terminal looks after itself. Limits without another source were chosen for the cabinets that the
units of `deploy/systemd` describe (2 GB for the face, 256 tasks, 4096 descriptors)."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from config.section import HOUR, Section


class Care(Section):
    """What is watched, and when the face starts itself anew."""

    restart_from: Annotated[
        str,
        Field(
            pattern=HOUR, description="the quiet hour begins; the same as restart_until: no nightly restart"
        ),
    ] = "02:30"
    restart_until: Annotated[str, Field(pattern=HOUR, description="and ends; may lie after midnight")] = (
        "04:30"
    )
    restart_after_visits: Annotated[
        int,
        Field(ge=0, le=10_000, description="visits of one process; 0: as many as there are"),
    ] = 40
    sample_minutes: Annotated[
        float, Field(ge=0.5, le=60, description="how often memory, descriptors and threads are counted")
    ] = 5.0
    memory_most_mb: Annotated[
        int, Field(ge=200, le=64_000, description="of the face (PSS); beyond it a restart is asked for")
    ] = 1400
    descriptors_most: Annotated[int, Field(ge=64, le=1_000_000)] = 1024
    threads_most: Annotated[int, Field(ge=32, le=100_000)] = 160
    memory_growth_mb_h: Annotated[
        float, Field(ge=1, le=10_000, description="steady growth beyond it asks for a restart")
    ] = 15.0
    warm_c: Annotated[int, Field(ge=30, le=120, description="from here on a warning")] = 75
    hot_c: Annotated[int, Field(ge=30, le=125, description="from here on a fault")] = 88
    disk_low_percent: Annotated[
        int, Field(ge=1, le=50, description="less room, or fewer inodes, than this is warned of")
    ] = 10
    wear_percent: Annotated[
        int, Field(ge=10, le=100, description="of a disk's life; from here on a warning")
    ] = 80
    certificate_days: Annotated[
        int, Field(ge=1, le=365, description="a certificate that ends sooner is warned of")
    ] = 30
    oldest_hours: Annotated[
        int, Field(ge=1, le=2400, description="a case that waits longer to be sent is a fault")
    ] = 24
    supply_days: Annotated[
        int, Field(ge=1, le=90, description="paper or toner that lasts no longer is warned of")
    ] = 7
    slips_per_roll: Annotated[
        int, Field(ge=10, le=10_000, description="slips that one roll gives, as counted here")
    ] = 350
    sheets_per_fill: Annotated[
        int, Field(ge=10, le=10_000, description="sheets in the page printer's full tray")
    ] = 250

    @model_validator(mode="after")
    def _warm_before_hot(self) -> "Care":
        if self.warm_c >= self.hot_c:
            raise PydanticCustomError("warm_before_hot", "warm_c must lie below hot_c")
        return self
