"""Printed symbols for tests: any symbology, four pixels a module, on white."""

from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def printed(content: str | bytes, symbology: str = "QRCode", scale: int = 4, **options: Any) -> Grey:
    """The symbol with 40 pixels of paper around it."""
    barcode = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, symbology), **options)
    symbol = np.array(zxingcpp.write_barcode_to_image(barcode, scale=scale), np.uint8)
    return np.asarray(cv2.copyMakeBorder(symbol, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255), np.uint8)


def on_a_sheet(*symbols: Grey) -> Grey:
    """One sheet with all of them, one below the other."""
    wide = max(symbol.shape[1] for symbol in symbols)
    padded = [np.pad(one, ((0, 0), (0, wide - one.shape[1])), constant_values=255) for one in symbols]
    return np.vstack(padded)
