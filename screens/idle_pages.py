"""The pages of the idle screen: the first step, what can be done here, what cannot just now, what the city tells."""

from typing import Any, Final

from kivy.factory import Factory
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.catalogue.messages import CityMessage
from kiosk.journey.views import Idle
from screens.base import Words
from screens.theme import icons, tokens
from screens.widgets.chip import Tag
from screens.widgets.icon import IconTile
from screens.widgets.surface import Surface
from screens.widgets.text import Text

#: icon and flavour of what this machine can do
_ABILITIES: Final = {
    "apply": ("file-document-check-outline", "city"),
    "progress": ("progress-clock", "good"),
    "notice": ("clipboard-list-outline", "notice"),
    "report": ("account-voice", "plum"),
}
_LIMITS: Final = {
    "card": "card-account-details-outline",
    "camera": "camera-off-outline",
    "storage": "harddisk",
    "network": "wifi-off",
    "slip": "printer-off-outline",
    "safe": "shield-check-outline",
}
#: with more, none could be read from two metres; the worst come first
_MOST_LIMITS: Final = 3
#: an icon that the font does not have must not stop the idle screen: the city's messages are data
_PLAIN_ICON: Final = "bullhorn-outline"


def page_of(view: Idle, words: Words) -> Widget:
    """The page that is turned up."""
    match view.shows:
        case "can":
            return _abilities(view, words)
        case "limits":
            return _limits(view, words)
        case "message" if view.message is not None:
            return _message(view.message, words)
        case _:
            steps = Factory.StepsPage()
            steps.words = words
            return steps


def _abilities(view: Idle, words: Words) -> Widget:
    page = _titled(words("idle.page.can"))
    grid = GridLayout(cols=2, spacing=tokens.GAP)
    for ability in view.can:
        icon, flavour = _ABILITIES[ability]
        row = _row(icon, flavour, words(f"idle.can.{ability}.name"), words(f"idle.can.{ability}.note"))
        grid.add_widget(row)
    page.add_widget(grid)
    return page


def _limits(view: Idle, words: Words) -> Widget:
    page = _titled(words("idle.page.limits"))
    for limit in view.limits[:_MOST_LIMITS]:
        said = words(f"limits.{limit}.cannot"), words(f"limits.{limit}.still")
        page.add_widget(_row(_LIMITS[limit], "notice", *said))
    if len(view.limits) < _MOST_LIMITS:
        page.add_widget(Widget())
    return page


def _message(message: CityMessage, words: Words) -> Widget:
    page = Surface(padding=40, spacing=40)
    icon = message.icon if icons.known(message.icon) else _PLAIN_ICON
    page.add_widget(IconTile(name=icon, flavour="city", extent=200, pos_hint={"center_y": 0.5}))
    lines = _lines(tokens.GAP_SMALL)
    lines.add_widget(Text(plain=message.title, kind="title", bold=True))
    lines.add_widget(Text(plain=message.text, kind="large"))
    foot = BoxLayout(size_hint_y=None, height=52, spacing=tokens.GAP_SMALL)
    source = Text(plain=message.source, kind="quiet", tone="soft", wrap=False, pos_hint={"center_y": 0.5})
    foot.add_widget(source)
    if message.sample:
        foot.add_widget(Tag(plain=words("mark.sample"), look="notice", pos_hint={"center_y": 0.5}))
    foot.add_widget(Widget())
    lines.add_widget(foot)
    page.add_widget(lines)
    return page


def _titled(title: str) -> BoxLayout:
    page = BoxLayout(orientation="vertical", spacing=tokens.GAP)
    page.add_widget(Text(plain=title, kind="sentence", bold=True, tone="city"))
    return page


def _row(icon: str, flavour: str, name: str, note: str) -> Widget:
    row = BoxLayout(spacing=tokens.GAP)
    row.add_widget(IconTile(name=icon, flavour=flavour, extent=84, pos_hint={"center_y": 0.5}))
    lines = _lines(4)
    lines.add_widget(Text(plain=name, kind="large", bold=True))
    lines.add_widget(Text(plain=note, kind="small", tone="soft"))
    row.add_widget(lines)
    return row


def _lines(spacing: float) -> BoxLayout:
    lines = BoxLayout(orientation="vertical", size_hint_y=None, spacing=spacing, pos_hint={"center_y": 0.5})
    lines.fbind("minimum_height", lines.setter("height"))
    return lines


class Dots(BoxLayout):
    """Which page of how many; nothing is touched here."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(size_hint=(None, None), height=16, spacing=16, **properties)
        self.fbind("minimum_width", self.setter("width"))
        self._shown = (-1, -1)

    def show(self, page: int, of: int) -> None:
        """None where there is one page."""
        if (page, of) == self._shown:
            return
        self._shown = (page, of)
        self.clear_widgets()
        for number in range(of if of > 1 else 0):
            fill = tokens.CITY if number == page else tokens.LINE
            self.add_widget(Surface(raised=False, size_hint=(None, None), size=(16, 16), radius=8, fill=fill))
