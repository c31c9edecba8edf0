"""Evaluations (好差评): one a case, never changed afterwards."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from backend.platform import Platform
from backend.refusals import Refusal
from backend.schema import Case, Evaluation

_Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]


class EvaluationBody(BaseModel):
    """What a citizen thought of the service."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    level: int = Field(
        ge=1, le=5, strict=True, description="5 非常满意, 4 满意, 3 基本满意, 2 不满意, 1 非常不满意"
    )
    reasons: list[_Code] = Field(
        default=[], max_length=32, description="codes of the indicators that were chosen"
    )
    channel: Literal["screen", "device", "phone"] = Field(
        description="the terminal's screen, its evaluator, or later her own phone"
    )
    at: AwareDatetime
    indicators_version: _Code = Field(description="which list of indicators was shown")


def evaluate(platform: Platform, case_id: str, said: EvaluationBody) -> bool:
    """Keep the evaluation; True when it is new, False when the very same was kept before.

    Refuses with 404 while the case is unknown and 409 B409 when the case has another evaluation. Any terminal may
    bring it: one that was enrolled anew still has evaluations of its old cases, and a case's id is not guessable.
    """
    with platform.database.writing() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise Refusal(404, "B404", "no such case")
        if case.evaluation is not None:
            if _same(case.evaluation, said):
                return False
            raise Refusal(409, "B409", "this case was evaluated before, differently")
        case.evaluation = Evaluation(**said.model_dump(), received_at=platform.clock.now())
    return True


def is_rated(platform: Platform, case_id: str) -> bool:
    """Whether a case was rated. 404 while it is unknown."""
    with platform.database.reading() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise Refusal(404, "B404", "no such case")
        return case.evaluation is not None


def _same(kept: Evaluation, said: EvaluationBody) -> bool:
    """Whether both are the same citizen's word; `at` may differ by what was cut off when it was kept."""
    return (kept.level, kept.reasons, kept.channel, kept.indicators_version) == (
        said.level,
        said.reasons,
        said.channel,
        said.indicators_version,
    )
