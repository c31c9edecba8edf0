"""JPEGs become a PDF/A-1b (ISO 19005-1, in China GB/T 23286.1), which an archive can still read in fifty years.

img2pdf puts the JPEG bytes into a PDF unchanged; what makes it an archive's is added here: the colours' profile, XMP
that says what it is, and an identifier. No name, no date and no producer stand in it, and nothing is drawn at random:
the same pages give the same bytes.
"""

import hashlib
import uuid
from collections.abc import Sequence
from io import BytesIO

import img2pdf
import pikepdf
from pikepdf import Array, Dictionary, Name, String

from kiosk.capture.srgb import srgb_profile

_VERSION = "1.4"  # what PDF/A-1 builds on
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>1</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
   <xmpMM:DocumentID>{document}</xmpMM:DocumentID>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def pdfa(jpegs: Sequence[bytes]) -> bytes:
    """One page for each JPEG, as large as its header's resolution says. Raises ValueError without any."""
    if not jpegs:
        raise ValueError("a document needs at least one page")
    plain = img2pdf.convert(
        list(jpegs),
        layout_fun=img2pdf.default_layout_fun,
        engine=img2pdf.Engine.internal,
        nodate=True,
        producer="",
    )
    with pikepdf.open(BytesIO(plain)) as document:
        _make_archival(document, _identifier(jpegs))
        stored = BytesIO()
        document.save(
            stored,
            force_version=_VERSION,
            preserve_pdfa=True,  # an end of line before each "endstream" (ISO 19005-1 §6.1.7)
            fix_metadata_version=False,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,  # PDF 1.4 has none
            deterministic_id=True,
        )
    return stored.getvalue()


def _identifier(jpegs: Sequence[bytes]) -> str:
    content = hashlib.sha256(b"".join(hashlib.sha256(jpeg).digest() for jpeg in jpegs))
    return f"uuid:{uuid.uuid5(uuid.NAMESPACE_OID, content.hexdigest())}"


def _make_archival(document: pikepdf.Pdf, identifier: str) -> None:
    colours = document.make_stream(srgb_profile(), N=3, Alternate=Name.DeviceRGB)
    document.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
                Info=String("sRGB IEC61966-2.1"),
                RegistryName=String("http://www.color.org"),
                DestOutputProfile=document.make_indirect(colours),
            )
        ]
    )
    told = document.make_stream(_XMP.format(document=identifier).encode("utf-8"))
    told.Type, told.Subtype = Name.Metadata, Name.XML
    document.Root.Metadata = document.make_indirect(told)
    if Name.Info in document.trailer:
        del document.trailer[Name.Info]  # blank; it would have to say the same as the XMP
