"""What to do with a device, as a picture: what a hand brings, an arrow, and where it goes; or what comes out."""

from typing import Any, Final

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.theme import tokens
from screens.widgets.icon import Icon

#: step or kind of device → (left, right): a hand brings the left to the right, or the left gives the right
PICTURES: Final = {
    "network": ("ethernet", "server-network"),
    "time": ("clock-outline", "server-network"),
    "enrol": ("qrcode", "server-security"),
    "find": ("usb", "magnify"),
    "devices": ("usb", "check-circle-outline"),
    "camera": ("file-outline", "webcam"),
    "touch": ("gesture-tap", "monitor"),
    "page": ("printer", "file-document-outline"),
    "sound": ("volume-high", "ear-hearing"),
    "finish": ("file-document-outline", "content-save-outline"),
    "settle": ("file-document-outline", "content-save-outline"),
    "rollback": ("restore", "content-save-outline"),
    "id_card": ("card-account-details-outline", "contactless-payment"),
    "document_camera": ("file-document-outline", "webcam"),
    "document_scanner": ("file-document-outline", "scanner"),
    "receipt_printer": ("printer-pos", "receipt-text-outline"),
    "page_printer": ("printer", "file-document-outline"),
    "evaluator": ("gesture-tap-button", "star-circle-outline"),
    "code_scanner": ("qrcode", "barcode-scan"),
    "chip_card": ("credit-card-chip-outline", "credit-card-scan-outline"),
    "ups": ("power-plug-off-outline", "battery-charging"),
    "signals": ("motion-sensor", "lightbulb-on-outline"),
    "watchdog": ("heart-pulse", "timer-outline"),
    "keypad": ("gesture-tap", "dialpad"),
    "switch": ("gesture-tap", "toggle-switch-outline"),
    "headphones": ("headphones", "audio-input-stereo-minijack"),
}
_EXTENT: Final = 200  #: pixels of each of the two
_ARROW: Final = 96


class DevicePicture(BoxLayout):
    """In kv: `DevicePicture: about: "device.id_card"`. A step's key names it; nothing is drawn for an unknown one."""

    about = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        properties.setdefault("height", _EXTENT)
        super().__init__(size_hint=(None, None), spacing=tokens.GAP_LARGE, **properties)
        self.fbind("minimum_width", self.setter("width"))
        self._left, self._right = Icon(extent=_EXTENT, tone="city"), Icon(extent=_EXTENT, tone="ink")
        self._arrow = Icon(extent=_ARROW, name="arrow-right-bold", tone="notice", pos_hint={"center_y": 0.5})
        for part in (self._left, self._arrow, self._right):
            self.add_widget(part)
        self.fbind("about", self._draw)
        self.fbind("height", self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        pair = PICTURES.get(self.about.removeprefix("device."))
        self.opacity = float(pair is not None)
        if pair is not None:
            self._left.name, self._right.name = pair
        extent = max(1.0, self.height)
        self._left.extent = self._right.extent = extent
        self._arrow.extent = extent * _ARROW / _EXTENT
