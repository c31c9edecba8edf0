"""All widgets that .kv files may name: importing them makes them known to Kivy's Factory."""

from screens.widgets.action_bar import FootBar, FootRow
from screens.widgets.bar import Banner, Bar
from screens.widgets.button import PushButton
from screens.widgets.chip import Chip, Flow, Tag
from screens.widgets.fact import Fact
from screens.widgets.fitting import Body
from screens.widgets.icon import Icon, IconTile
from screens.widgets.languages import LanguagePills
from screens.widgets.list_row import ListRow
from screens.widgets.question import Message
from screens.widgets.reader import CardReaderDrawing
from screens.widgets.scenery import Lake
from screens.widgets.scroll import Column, Scroll
from screens.widgets.step_bar import StepBar
from screens.widgets.supply_drawings import SupplyPicture
from screens.widgets.surface import Surface, TouchCard
from screens.widgets.text import Text
from screens.widgets.thumbnail import Picture, Spacer, Thumbnail
from screens.widgets.tip_card import TipCard
from screens.widgets.verdict_picture import VerdictCard, VerdictPicture
from screens.widgets.waiting import Progress

KNOWN = (
    Banner,
    Bar,
    Body,
    CardReaderDrawing,
    Chip,
    Column,
    Fact,
    Flow,
    FootBar,
    FootRow,
    Icon,
    IconTile,
    Lake,
    LanguagePills,
    ListRow,
    Message,
    Picture,
    Progress,
    PushButton,
    Scroll,
    Spacer,
    StepBar,
    SupplyPicture,
    Surface,
    Tag,
    Text,
    Thumbnail,
    TipCard,
    VerdictCard,
    VerdictPicture,
    TouchCard,
)
