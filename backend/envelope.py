"""What a terminal hands in: the envelope in clear, and the manifest that lies sealed in it."""

import hashlib
import json
from typing import Annotated, Any, Literal, NoReturn

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

#: A case's id, drawn at random by the terminal; it is safe in an address and in a log line.
CaseId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{7,63}$")]
#: A part's opaque name, such as p00.
PartName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,15}$")]
#: SHA-256, lower-case hex.
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

#: What the citizen signs: these members of the manifest.
SIGNED = ("matter", "situation", "items", "applicant", "form", "materials")
#: And these, when the manifest has them.
SIGNED_IF_THERE = ("replaced", "delivery", "agent", "plan")
_MANIFEST_MAX_BYTES = 1024 * 1024  # chosen: a hundred times a real one


class EnvelopePart(BaseModel):
    """One sealed part, as it was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: PartName
    sha256: Sha256 = Field(description="of the sealed bytes")
    length: int = Field(alias="bytes", ge=1, description="number of sealed bytes")


class Envelope(BaseModel):
    """What is said of a case in clear: no personal data, hence no further members."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: Literal[1] = Field(alias="schema")
    case_id: CaseId
    sealed_at: AwareDatetime
    parts: list[EnvelopePart] = Field(min_length=1, max_length=1024)
    manifest: PartName = Field(description="the part that holds the manifest")
    sealing: Literal["age", "sm", "none"] = Field(
        default="age",
        description="sm: SM4 and SM3 in the shape of age; none: the terminal opened the parts, for a platform that "
        "opens no age",
    )

    @model_validator(mode="after")
    def _parts_agree(self) -> "Envelope":
        names = [part.part for part in self.parts]
        if len(set(names)) != len(names):
            raise ValueError("a part is named twice")
        if self.manifest not in names:
            raise ValueError("the manifest is not among the parts")
        return self

    def fingerprint(self) -> set[tuple[str, str, int]]:
        """What makes two envelopes the same hand-in: their parts."""
        return {(part.part, part.sha256, part.length) for part in self.parts}


class Sealed(BaseModel):
    """Members that we do not know yet are let through: the signature covers them, and the department sees them."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)


class Matter(Sealed):
    """The matter (主题) that is applied for."""

    code: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    version: str | int


class Applicant(Sealed):
    """Who applies, as read from the card or typed in."""

    name: str = Field(min_length=1, max_length=100)
    number: str = Field(
        min_length=1, max_length=64, description="as read or typed; doubts say what is odd about it"
    )
    sex: str | None = None
    ethnicity: str | None = None
    birth: str | None = None
    address: str | None = None
    authority: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    entered: Literal["card", "manual"]
    doubts: list[str] = []


class PageMade(Sealed):
    """How one page came to be, as its terminal tells. Only what is checked here is named; the rest is kept."""

    page: int = Field(ge=1, description="of the material's PDF; two sides of a card share one")
    sha256: Sha256 = Field(description="of the JPEG on that page")


class Material(Sealed):
    """One material (材料): a PDF of some pages, sealed as one part."""

    slot: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    part: PartName
    pages: int = Field(ge=1, le=1000)
    sha256: Sha256 = Field(description="of the PDF before sealing")
    trust: str
    pages_made: list[PageMade] = Field(default=[], max_length=1000)
    over_budget: bool = False


class Signature(Sealed):
    """The citizen's signature, an image sealed as one part, and what it signs."""

    part: PartName
    sha256: Sha256 = Field(description="of the image before sealing")
    signs: Sha256 = Field(description="SHA-256 of the canonical JSON of what is signed")
    at: AwareDatetime


class Promised(Sealed):
    """The promise (告知承诺) that stands for a material."""

    name: str = Field(min_length=1, max_length=100)
    title: str = Field(min_length=1, max_length=200)
    text_sha256: Sha256 = Field(description="of the text that was read and confirmed, UTF-8")


class Replaced(Sealed):
    """A material that was not brought: an e-licence or a promise stands for it."""

    slot: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    by: Literal["licence", "promise"]
    licence: str | None = Field(default=None, min_length=1, max_length=100)
    licence_number: str | None = Field(default=None, min_length=1, max_length=100)
    promise: Promised | None = None

    @model_validator(mode="after")
    def _what_stands_for_it(self) -> "Replaced":
        if (self.by == "licence") != (self.licence is not None) or (self.by == "promise") != (
            self.promise is not None
        ):
            raise ValueError("one thing stands for a material: a licence or a promise")
        return self


class Delivery(Sealed):
    """How the result is to reach her. Beside `way` it holds what that way needs, as texts."""

    way: Literal["window", "post", "bank", "print", "licence"]

    @model_validator(mode="after")
    def _texts(self) -> "Delivery":
        for value in (self.model_extra or {}).values():
            if not (value is None or isinstance(value, bool | int | str)) or len(str(value)) > 500:
                raise ValueError("a delivery holds short texts alone")
        return self


class Agent(Sealed):
    """Who hands the case in for the applicant: an agent (代办) or a minor's guardian."""

    kind: Literal["agent", "guardian"]
    name: str = Field(min_length=1, max_length=100)
    number: str = Field(min_length=1, max_length=64)
    entered: Literal["card", "manual"]


class PlannedItem(Sealed):
    """One item, the department that does it, and what must be done before."""

    code: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    department: str = Field(min_length=1, max_length=60)
    after: list[Annotated[str, Field(max_length=64)]] = Field(default=[], max_length=256)
    online: bool = True
    promised_days: int | None = Field(default=None, ge=0, le=4000)


class Manifest(Sealed):
    """The case itself."""

    version: Literal[1] = Field(alias="schema")
    case_id: CaseId
    terminal_id: str
    matter: Matter
    situation: dict[str, JsonValue]
    items: list[str]
    applicant: Applicant
    form: dict[str, JsonValue]
    materials: list[Material] = Field(max_length=256)
    signature: Signature
    consented_at: AwareDatetime
    handed_in_at: AwareDatetime
    local_number: str
    sample: bool
    replaced: list[Replaced] = Field(default=[], max_length=256)
    delivery: Delivery | None = None
    agent: Agent | None = None
    plan: list[PlannedItem] = Field(default=[], max_length=256)
    draft_id: CaseId | None = Field(default=None, description="the draft that this case was made of")
    earlier_consent_at: AwareDatetime | None = None

    @field_validator(*SIGNED_IF_THERE, mode="before")
    @classmethod
    def _there_or_absent(cls, said: object) -> object:
        if said is None:  # both sides must agree whether a member is signed
            raise ValueError("a member that says nothing is left out")
        return said

    @property
    def pages(self) -> int:
        """Pages of all materials."""
        return sum(material.pages for material in self.materials)


def canonical(value: JsonValue) -> bytes:
    """`value` as canonical JSON: members sorted by name, no spaces, UTF-8 unescaped.

    Raises ValueError for what has no such form: NaN, infinities, half of a surrogate pair.
    """
    said = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return said.encode("utf-8")


def signs_of(manifest: dict[str, Any]) -> str:
    """What a signature under `manifest` must sign: the hex SHA-256 of its signed members."""
    names = (*SIGNED, *(name for name in SIGNED_IF_THERE if name in manifest))
    return hashlib.sha256(canonical({name: manifest[name] for name in names})).hexdigest()


def demand_text(said: JsonValue) -> None:
    """Raise ValueError for what UTF-8 cannot carry: half of a surrogate pair, which JSON can hold."""
    json.dumps(said, ensure_ascii=False).encode("utf-8")


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("JSON has no NaN and no infinity")


def _once_each(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in members}) != len(members):
        raise ValueError("a member stands twice")  # two readers could each believe another one
    return dict(members)


def parse_sealed(opened: bytes) -> Any:
    """The JSON that a sealed part holds. Raises ValueError when it is too long, or none that two readers agree on."""
    if len(opened) > _MANIFEST_MAX_BYTES:
        raise ValueError("the manifest is too long")
    try:
        said = json.loads(opened.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant)
        demand_text(said)
    except RecursionError as error:
        raise ValueError("the manifest is nested too deep") from error
    return said


def parse_manifest(opened: bytes) -> tuple[dict[str, Any], Manifest]:
    """The manifest as it was signed, and the same as values.

    Raises ValueError (pydantic's ValidationError among them) when it is no manifest.
    """
    raw = parse_sealed(opened)
    manifest = Manifest.model_validate(raw)
    return raw, manifest
