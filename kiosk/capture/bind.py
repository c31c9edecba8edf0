"""The pages of one material slot become one PDF."""

from collections.abc import Sequence

import img2pdf

from kiosk.capture.page import Page


def bind(pages: Sequence[Page]) -> bytes:
    """One PDF, a page each at its true size, the JPEG bytes unchanged. The same pages give the same bytes.

    No date, name or producer is written into it: those belong to the sealed manifest. Raises ValueError without
    pages.
    """
    if not pages:
        raise ValueError("a document needs at least one page")
    layout = img2pdf.get_fixed_dpi_layout_fun((pages[0].dpi, pages[0].dpi))
    document = img2pdf.convert(
        [page.jpeg for page in pages],
        layout_fun=layout,
        engine=img2pdf.Engine.internal,
        nodate=True,
        producer="",
    )
    return bytes(document)
