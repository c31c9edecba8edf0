"""What messages have in common: content that is opened and checked first, and an effect inside the transaction."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from backend.envelope import Sealed, parse_sealed
from backend.message_rows import CONTENT_PART, MessageEnvelope
from backend.opening import OpenPart, opened
from backend.refusals import Refusal, places

#: Done inside the transaction that keeps the message; what it returns is done when all is durable.
Effect = Callable[[Session], Callable[[], None]]

#: A person's number, as read or typed.
Number = Annotated[str, Field(min_length=1, max_length=64)]
#: A code or a name without blanks, such as of a matter, a step, a reason.
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]

Model = TypeVar("Model", bound=BaseModel)


class Told(BaseModel):
    """The clear body of a message. Members that are not known here are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Content(Sealed):
    """What lies sealed in a message's first part."""

    version: Literal[1] = Field(alias="schema")


def nothing() -> None:
    """There is nothing to be done afterwards."""


def unfit(detail: str) -> Refusal:
    """B475: a message is not as its kind is described."""
    return Refusal(422, "B475", detail)


def body_of(told: MessageEnvelope, model: type[Model]) -> Model:
    """The clear body of a message as its kind describes it. Refuses (422, B475)."""
    return _fit(told.body, model, "body")


def content_of(told: MessageEnvelope, model: type[Model], open_part: OpenPart) -> Model:
    """What lies sealed in the first part. Refuses (422) with B451 or B475."""
    if CONTENT_PART not in {part.part for part in told.parts}:
        raise unfit(f"a {told.kind} has a sealed part {CONTENT_PART}")
    try:
        said = parse_sealed(opened(CONTENT_PART, open_part))
    except ValueError as error:
        raise unfit("the sealed content is not the JSON it should be") from error
    return _fit(said, model, "sealed content")


def demand_parts(told: MessageEnvelope, named: Iterable[str]) -> None:
    """Refuse (422, B454) unless `named` and the first part are the parts of the message, each once."""
    names = [CONTENT_PART, *named]
    if len(set(names)) != len(names) or set(names) != {part.part for part in told.parts}:
        raise Refusal(422, "B454", "the content and the envelope name different parts, or one twice")


def _fit(said: Any, model: type[Model], what: str) -> Model:
    try:
        return model.model_validate(said)
    except ValidationError as error:
        where = places(error.errors(include_input=False, include_url=False))
        raise unfit(f"the {what} does not fit its description: {where}") from error
