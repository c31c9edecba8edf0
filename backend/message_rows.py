"""Messages as they come, and as they are kept."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator
from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.envelope import CaseId, EnvelopePart, demand_text
from backend.schema import Base

#: The part that holds what is said; the others are papers that it names.
CONTENT_PART = "p00"


class MessageEnvelope(BaseModel):
    """What is said of a message in clear; what is personal lies in its parts."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: Literal[1] = Field(alias="schema")
    message_id: CaseId
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    case_id: CaseId | None = Field(default=None, description="the case that it is about")
    at: AwareDatetime
    body: dict[str, JsonValue] = Field(description="nothing personal")
    parts: list[EnvelopePart] = Field(default=[], max_length=100)

    @field_validator("body")
    @classmethod
    def _text(cls, said: dict[str, JsonValue]) -> dict[str, JsonValue]:
        demand_text(said)
        return said

    @model_validator(mode="after")
    def _parts_once(self) -> "MessageEnvelope":
        if len({part.part for part in self.parts}) != len(self.parts):
            raise ValueError("a part is named twice")
        return self


class Message(Base):
    """One message, whole or not here."""

    __tablename__ = "messages"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.terminal_id"), index=True)
    kind: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.case_id"))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    repeats: Mapped[int] = mapped_column(default=0)

    parts: Mapped[list["MessagePart"]] = relationship(order_by="MessagePart.part")


class MessagePart(Base):
    """One sealed part of a message: the file `files/<upload_id>`."""

    __tablename__ = "message_parts"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.message_id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    length: Mapped[int]
    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.upload_id"), unique=True)
