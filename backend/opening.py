"""Open a case and compare what the manifest says with what is there, before the platform puts its name to it."""

import hashlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
from pydantic import ValidationError

from backend.envelope import Envelope, Manifest, Material, parse_manifest, signs_of
from backend.keys import CannotOpen
from backend.refusals import Refusal, places

#: Opens one part by its name; raises CannotOpen.
OpenPart = Callable[[str], bytes]


def _contradiction(code: str, detail: str) -> Refusal:
    return Refusal(422, code, detail)


def _opened(part: str, open_part: OpenPart) -> bytes:
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


def _check_material(material: Material, open_part: OpenPart) -> None:
    pdf = _opened(material.part, open_part)
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


def read_manifest(envelope: Envelope, open_part: OpenPart) -> Manifest:
    """The manifest of a case, when it agrees with itself and with every part.

    Refuses (422) with B451 (not sealed to us), B452 (no manifest), B453 (another case's), B454 (parts and manifest
    name different things), B455 (a material is not the one described) or B456 (the signature signs something else).
    """
    try:
        raw, manifest = parse_manifest(_opened(envelope.manifest, open_part))
    except ValidationError as error:
        where = places(error.errors(include_input=False, include_url=False))
        raise _contradiction("B452", f"the manifest does not fit its description: {where}") from error
    except ValueError as error:
        raise _contradiction("B452", "the manifest is not the JSON it should be") from error
    if manifest.case_id != envelope.case_id:
        raise _contradiction("B453", "the manifest belongs to another case")
    _check_names(envelope, manifest)
    if manifest.signature.signs != _signs(raw):
        raise _contradiction("B456", "the signature signs something else")
    image = _opened(manifest.signature.part, open_part)
    if _sha256(image) != manifest.signature.sha256:
        raise _contradiction("B456", "the signature is not the image that the manifest describes")
    for material in manifest.materials:
        _check_material(material, open_part)
    return manifest


def _signs(raw: dict[str, object]) -> str:
    try:
        return signs_of(raw)
    except (ValueError, RecursionError) as error:
        raise _contradiction("B452", "the manifest has no canonical form") from error
