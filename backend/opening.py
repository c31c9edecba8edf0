"""Open a case and compare what the manifest says with what is there, before the platform puts its name to it."""

import hashlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
from pydantic import ValidationError

from backend.envelope import Envelope, Manifest, Material, parse_manifest, signs_of
from backend.keys import CannotOpen
from backend.refusals import Refusal, places

#: The code of a refusal for a member that the manifest need not have.
_OF_MEMBER = {"replaced": "B467", "delivery": "B468", "agent": "B469", "plan": "B470"}

#: Opens one part by its name; raises CannotOpen.
OpenPart = Callable[[str], bytes]


def _contradiction(code: str, detail: str) -> Refusal:
    return Refusal(422, code, detail)


def opened(part: str, open_part: OpenPart) -> bytes:
    """What a part holds. Refuses (422, B451) one that is not sealed to us."""
    try:
        return open_part(part)
    except CannotOpen as error:
        raise _contradiction("B451", f"part {part} is not sealed to this platform") from error


def pictures(pdf: bytes) -> list[set[str]]:
    """Of each page of `pdf`, the SHA-256 of the encoded images that lie on it.

    Raises ValueError when it is none, or is locked with a password.
    """
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            return [
                {_sha256(image.read_raw_bytes()) for image in page.get_images(recursive=False).values()}
                for page in document.pages
            ]
    except pikepdf.PdfError as error:
        raise ValueError("not a readable PDF") from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _check_names(envelope: Envelope, manifest: Manifest) -> None:
    """Every sealed part is named by the manifest, once; every part it names is there."""
    named = [envelope.manifest, manifest.signature.part, *(material.part for material in manifest.materials)]
    if len(set(named)) != len(named):
        raise _contradiction("B454", "the manifest names a part twice")
    missing = set(named) - {part.part for part in envelope.parts}
    if missing:
        raise _contradiction(
            "B454", f"the manifest names parts that are not there: {', '.join(sorted(missing))}"
        )
    if len(named) != len(envelope.parts):
        raise _contradiction("B454", "parts are there that the manifest does not name")


def check_material(material: Material, open_part: OpenPart) -> None:
    """Refuse (422, B455) a material that is not the PDF described."""
    pdf = opened(material.part, open_part)
    if _sha256(pdf) != material.sha256:
        raise _contradiction("B455", f"part {material.part} is not the material that the manifest describes")
    try:
        pages = pictures(pdf)
    except ValueError as error:
        raise _contradiction("B455", f"part {material.part} is not a readable PDF") from error
    if len(pages) != material.pages:
        raise _contradiction(
            "B455", f"part {material.part} has another number of pages than the manifest says"
        )
    for made in material.pages_made:
        if made.page > len(pages) or made.sha256 not in pages[made.page - 1]:
            raise _contradiction("B455", f"part {material.part} has other pictures than the manifest says")


def _check_replaced(manifest: Manifest) -> None:
    slots = [each.slot for each in manifest.replaced]
    if len(set(slots)) != len(slots) or set(slots) & {material.slot for material in manifest.materials}:
        raise _contradiction("B467", "a material is replaced twice, or replaced and handed in as well")


def _check_agent_and_plan(manifest: Manifest) -> None:
    agent, applicant = manifest.agent, manifest.applicant.number
    if agent is not None and agent.number.upper() == applicant.upper():
        raise _contradiction("B469", "whoever acts for the applicant is another person than the applicant")
    codes = [item.code for item in manifest.plan]
    if len(set(codes)) != len(codes):
        raise _contradiction("B470", "the plan names an item twice")


def _member(place: tuple[int | str, ...]) -> bool:
    return bool(place) and place[0] in _OF_MEMBER


def read_manifest(envelope: Envelope, open_part: OpenPart) -> Manifest:
    """The manifest of a case, when it agrees with itself and with every part.

    Refuses (422) with B451 (not sealed to us), B452 (no manifest), B453 (another case's), B454 (parts and manifest
    name different things), B455 (a material is not the one described) B456 (the signature signs something else), and
    B467 to B470 (`replaced`, `delivery`, `agent`, `plan`).
    """
    try:
        raw, manifest = parse_manifest(opened(envelope.manifest, open_part))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        code = next((_OF_MEMBER[str(each["loc"][0])] for each in found if _member(each["loc"])), "B452")
        raise _contradiction(code, f"the manifest does not fit its description: {places(found)}") from error
    except ValueError as error:
        raise _contradiction("B452", "the manifest is not the JSON it should be") from error
    if manifest.case_id != envelope.case_id:
        raise _contradiction("B453", "the manifest belongs to another case")
    _check_names(envelope, manifest)
    if manifest.signature.signs != _signs(raw):
        raise _contradiction("B456", "the signature signs something else")
    image = opened(manifest.signature.part, open_part)
    if _sha256(image) != manifest.signature.sha256:
        raise _contradiction("B456", "the signature is not the image that the manifest describes")
    _check_replaced(manifest)
    _check_agent_and_plan(manifest)
    for material in manifest.materials:
        check_material(material, open_part)
    return manifest


def _signs(raw: dict[str, object]) -> str:
    try:
        return signs_of(raw)
    except (ValueError, RecursionError) as error:
        raise _contradiction("B452", "the manifest has no canonical form") from error
