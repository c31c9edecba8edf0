"""Puts a terminal together from its configuration: workers, stage, visit, journey, conductor."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, cast

from config.schema import TerminalConfig
from devices.catalog import Device, driver
from devices.document_camera import DocumentCamera
from devices.errors import Condition, DeviceError, Refused
from devices.headphones import Headphones
from devices.keypad import Keypad
from devices.receipt_printer import ReceiptPrinter, Slip
from ground.clock import Clock
from ground.logbook import Event, Logbook
from kiosk.capture.watermark import FONTS
from kiosk.care.desk import CareDesk
from kiosk.care.supplies import UseBook
from kiosk.case_desk import CaseDesk
from kiosk.catalogue.load import Catalogue
from kiosk.catalogue.nearby import Nearby, nearest
from kiosk.conductor import Conductor
from kiosk.device_stage import DeviceStage, Workers
from kiosk.dimming import Dimmer
from kiosk.failsafe.ledger import Mode
from kiosk.failsafe.unforeseen import Unforeseen
from kiosk.health import Health, Status
from kiosk.hours import Hours
from kiosk.intake.stick import Stick, StickRules
from kiosk.intake.stick_desk import STICK_ERRORS, STICK_IN, look_for
from kiosk.journey.delays import Delays
from kiosk.journey.events import CitizenEvent, WorldEvent
from kiosk.journey.journey import Journey
from kiosk.journey.show import Show
from kiosk.journey.surroundings import CHINA, Surroundings
from kiosk.journey.views import Idle, Scene
from kiosk.journey.visit import Visit
from kiosk.journey.voice import Voice
from kiosk.power import PowerWatch
from kiosk.presence import PresenceWatch
from kiosk.pressed_keys import PressedKeys
from kiosk.preview import PreviewSlot
from kiosk.print_journal import JournalledPrinting, PrintJournal
from kiosk.reading import Reader, ReadingFailed
from kiosk.receipt import as_copy, for_training
from kiosk.renewal import Reason, Renewal
from kiosk.service import CLOSED, NO_STAFF
from kiosk.speech import SpeechFailed
from kiosk.speech.building import Wanted, build_speaker
from kiosk.speech.choosing import ChosenSpeaker
from kiosk.speech.desk import SpeechDesk
from kiosk.speech.ear import Ear
from kiosk.tending.bench import Bench
from kiosk.words import Spoken, Words
from kiosk.workers import Look, Worker
from offline_cache.errors import CacheError, Revoked, UploadError
from offline_cache.items import ClockState
from offline_cache.link import Timeouts
from offline_cache.opening import OpeningOutbox
from offline_cache.outbox import Outbox, open_or_rebuild
from offline_cache.pace import Pace
from offline_cache.platform import Platform
from offline_cache.signing import RequestSigner
from offline_cache.spool import Spool
from tools.care import care_desk, care_worker, plan_of, use_book
from tools.cli import ROOT
from tools.credentials import own_key, request_signer, trust
from tools.downloads import CATALOGUE as CATALOGUE
from tools.downloads import catalogue_in_force, known_recipients
from tools.fonts import placed
from tools.release.mark import moved
from tools.tended import Around, bench_worker, tended_journey
from tools.tidy import tidy
from tools.unattended import power_watch, window_hours

WORDS = ROOT / "config" / "words"
_SUPERVISE_S = 0.5
#: kinds that no step of a visit asks for; the watchdog is not among them: whoever opens it must feed it
_LOOKED_AFTER = ("chip_card", "ups")
#: watched all the time, and no step of a visit waits for them: an error in one is that device's alone
_EXTRAS = (*_LOOKED_AFTER, "signals", "headphones", "keypad", "switch")
#: the slots of the configuration whose devices press keys
_KEYPADS = ("keypad", "switch")
_STICK_EVERY_S = 1.0  # how soon the screen offers a stick that was put in
_CHECK_EVERY_S = 5.0  # how soon a device that nobody uses is known to have failed; as `Worker` has it
#: the mains fail for everybody at once, and nobody who walks up shall hope for a slip: known within two seconds
_NEWS, _NEWS_EVERY_S = ("ups", "receipt_printer"), 1.0
_VOICE_EVERY_S = 60.0  # whether anything could be heard; a sound card seldom goes
_KEYS_DEADLINE_S = 5.0  # a look at a keypad takes a twentieth of a second
_LINK_EVERY_S = 1.0  # how soon the idle screen notices that the uploader found the link up or down


def open_outbox(config: TerminalConfig, clock: Clock, *, to_deliver: bool = False) -> Outbox:
    """The outbox of this terminal. Raises `CacheError`.

    `to_deliver`: it hands over open parts, where the platform cannot open what is sealed.
    """
    folder = config.storage.data_folder
    return open_or_rebuild(
        folder / "outbox.sqlite",
        Spool(folder / "spool"),
        clock,
        OpeningOutbox if to_deliver and config.platform.takes == "opened" else Outbox,
        recipients=known_recipients(config, clock),
        letters=config.terminal.letters,
        own_key=own_key(config),
        biggest_case_bytes=config.storage.biggest_case_mb * 1024 * 1024,
    )


def open_platform(
    config: TerminalConfig, clock: Clock, signer: RequestSigner | None = None, pace: Pace | None = None
) -> Platform:
    """The platform's client, with the configured time-outs, this terminal's token and its key, if it has them.

    `signer` in place of the one that this terminal's key makes; `pace` None sends as fast as the line goes.
    """
    asked = config.platform
    timeouts = Timeouts(
        connect_s=asked.connect_timeout_s, read_s=asked.read_timeout_s, reply_s=asked.reply_timeout_s
    )
    token = asked.token.get_secret_value() if asked.token else None
    signer = signer or (request_signer(config, clock) if token else None)
    return Platform(asked.url, token, clock, timeouts=timeouts, pace=pace, signer=signer, trust=trust(config))


def device_start(settings: Any, clock: Clock) -> Callable[[], Device]:
    """Builds and opens the device of `settings` each time that it is called."""

    def start() -> Device:
        device = driver(settings.driver).build(settings, clock)
        device.open()
        return device

    return start


@dataclass(slots=True)
class Asked:
    """Something that was asked for once."""

    for_it: bool = False

    def ask(self) -> None:
        """From now on."""
        self.for_it = True


@dataclass(slots=True)
class Terminal:
    """An assembled terminal. It is the face's `Director`."""

    conductor: Conductor
    journey: Journey
    workers: Workers
    preview: PreviewSlot
    words: Spoken
    health: Health
    clock: Clock
    renewal: Renewal
    presence: PresenceWatch
    keys: PressedKeys  #: what a keypad or a switch pressed, on its way to the face
    speech: SpeechDesk
    ear: Ear
    care: CareDesk
    care_worker: Worker[CareDesk]
    unforeseen: Unforeseen
    power: PowerWatch
    dimmer: Dimmer
    training: Asked  #: somebody asked for it, or for its end
    supervise_at: float = 0.0
    tended: bool = False  #: somebody looks after it

    @property
    def state(self) -> str:
        """The journey's, or "tended": then nothing that is planned happens."""
        return "tended" if self.tended else self.journey.state

    def begin(self) -> None:
        """Start every worker."""
        for worker in self._workers():
            worker.begin()
        self.presence.begin()
        for keypad in self.workers.keypads:
            keypad.watch(lambda pad: self.keys.put(*pad.pressed()), lambda code: None, 0.0, _KEYS_DEADLINE_S)
        self.ear.begin()

    def end(self, patience_s: float = 3.0) -> None:
        """End every worker and let go of every device; one that hangs is not waited for longer than `patience_s`."""
        until = self.clock.after(patience_s)
        for worker in self._workers():
            worker.ending()
        for worker in self._workers():
            worker.end(self.clock.left(until))

    def _workers(self) -> tuple[Worker[Any], ...]:
        return (*self.workers.all(), self.care_worker)

    def pump(self) -> Scene:
        """See `Conductor.pump`; twice a second it is also looked whether a worker hangs.

        Raises what nobody foresaw in a thread.
        """
        self.unforeseen.meet()
        if self.clock.due(self.supervise_at):
            self.supervise_at = self.clock.after(_SUPERVISE_S)
            for worker in self._workers():
                worker.supervise()
        scene = self.conductor.pump()
        if self.power.see(self.journey.state) == "ending":
            self.journey.cut_short()
            scene = self.conductor.pump()
        self.dimmer.show(dark=isinstance(scene.view, Idle) and scene.view.dim)
        self.tended = scene.chrome.tended
        self.renewal.see(self.state)
        return self.speech.see(scene)

    def touch(self, event: CitizenEvent, scene: int) -> None:
        """See `Conductor.touch`."""
        self.conductor.touch(event, scene)


def assemble(
    config: TerminalConfig,
    clock: Clock,
    logbook: Logbook,
    fed: Callable[[], None] = lambda: None,
    unforeseen: Unforeseen | None = None,
    mode: Mode = "usual",
    hands: Clock | None = None,
    bench: Callable[[Words, Health, UseBook], Bench] | None = None,
    training: bool = False,
) -> Terminal:
    """A terminal, not yet begun. Raises `CatalogueError` and `WordsError` for unusable data.

    `unforeseen`: where an error of a thread ends; `mode`: "safe" is said on the idle screen, and nothing is read.
    `hands`: by which devices and their workers are timed, where a soak turns `clock` and no device is quicker for it.
    `bench`: what the technician's screens work with; None: nobody can come in on the glass. `training`: all says so.
    """
    unforeseen = unforeseen or Unforeseen()
    health, preview = Health(clock), PreviewSlot()
    words = Spoken.load(WORDS, config.language.first)
    catalogue, _ = catalogue_in_force(config, clock)
    power = power_watch(config, clock, logbook)
    workers = build_workers(config, words.ours, clock, health, logbook, unforeseen, power, hands)
    book = use_book(config)
    if mode == "safe":
        workers = replace(workers, reader=None)
    if bench is not None:
        workers = replace(
            workers, bench=bench_worker(lambda: bench(words.ours, health, book), clock, health, logbook)
        )
    delays = Delays(**config.journey.model_dump())
    inbox: list[Callable[[WorldEvent], None]] = []
    prints = PrintJournal(config.storage.data_folder / "prints.sqlite", clock)
    print_once = JournalledPrinting(prints, lambda made, copy: as_copy(made, copy, words.ours))

    def put_out(printer: ReceiptPrinter, slip: Slip) -> None:
        print_once(printer, for_training(slip, words.ours) if training else slip)

    fonts = (placed(config.face.fonts_folder) / "NotoSansSC-Regular.otf", *FONTS)
    stage = DeviceStage(
        workers,
        lambda event: inbox[0](event),
        preview,
        delays.countdown_s,
        put_out,
        tuple(path for path in fonts if path.is_file()),
        config.intake.phone_minutes,
        config.storage.data_folder,
        sheets_out=lambda sheets: book.count("sheets", sheets, clock.now()),
        paper_shift_mm=(config.paper.shift_right_mm, config.paper.shift_down_mm),
        paper_mark=words.ours("training.sheet") if training else "",
    )
    ear = Ear(workers.headphones)
    nearby, safe_mode = nearby_of(config, catalogue), mode == "safe"
    surroundings = surroundings_of(config, health, nearby, clock, ear, safe_mode, power)
    visit = Visit(
        catalogue=catalogue,
        words=words,
        stage=stage,
        clock=clock,
        delays=delays,
        logbook=logbook,
        surroundings=surroundings,
        new_id=lambda: str(uuid.uuid4()),
        fonts=tuple(path for path in fonts if path.is_file()) or fonts,
    )
    show = Show(catalogue, words, config.catalogue.popular, surroundings, clock.now, delays.attract_s)
    asked = Asked()
    around = Around(
        config,
        workers,
        words,
        clock,
        logbook,
        lambda event: inbox[0](event),
        asked.ask,
        training,
        lambda: renewal.ask(Reason.SETTINGS),
    )
    journey = tended_journey(around, visit, show)
    conductor = Conductor(journey, fed)
    inbox.append(conductor.post)
    renewal = Renewal(
        clock, config.face.renew_after_s, plan_of(config), moved=moved(clock, config.release.folder)
    )
    care = care_desk(config, clock, health, logbook, words.ours, renewal, book)
    speech = SpeechDesk(workers.voice, words.of, clock)
    presence = PresenceWatch(workers.signals, conductor.post)
    return Terminal(
        conductor,
        journey,
        workers,
        preview,
        words,
        health,
        clock,
        renewal,
        presence,
        PressedKeys(),
        speech,
        ear,
        care,
        care_worker(care, clock, health, logbook),
        unforeseen,
        power,
        Dimmer.of(config.face.backlight, config.face.dim_command, config.face.wake_command),
        asked,
    )


def nearby_of(config: TerminalConfig, catalogue: Catalogue) -> tuple[Nearby, ...]:
    """Where else there is a terminal, the nearest first."""
    site = config.site
    return nearest(
        catalogue.offices.terminals, here=site.name, township=site.township, position=site.position
    )


def surroundings_of(
    config: TerminalConfig,
    health: Health,
    nearby: tuple[Nearby, ...] = (),
    clock: Clock | None = None,
    ear: Ear | None = None,
    safe_mode: bool = False,
    power: PowerWatch | None = None,
) -> Callable[[], Surroundings]:
    """What a journey is told of the place and of the machine. `clock`: by which the hall has its night."""
    site, face = config.site, config.face
    window = window_hours(config)

    def now() -> Surroundings:
        stick, stopped = health.of("stick"), out_of_service(health)
        code = power.code if power is not None and power.code and stopped is None else ""
        night = clock is not None and is_night(
            clock.now().astimezone(CHINA), face.night_from, face.night_until
        )
        return Surroundings(
            place=site.name,
            hours=site.hours,
            phone=site.phone or site.hotline,
            terminal_id=config.terminal.id,
            online=health.ok("link"),
            printer_ready=health.ok("receipt_printer"),
            keypad=health.ok("evaluator"),
            scanner=health.ok("document_scanner"),
            page_printer=health.ok("page_printer"),
            code_scanner=health.ok("code_scanner"),
            public_url=config.platform.public_url or "",
            notices_url=config.catalogue.notices_url or "",
            hotline=site.hotline,
            watermark=config.pages.watermark,
            drafts_days=config.storage.drafts_days,
            phone_upload=config.intake.phone and health.ok("link"),
            stick_in=config.intake.stick and stick is not None and stick.ok and stick.value == STICK_IN,
            clock=_clock_found(health),
            faults={**faults_of(config, health), **closed_now(config, window, clock)},
            out_of_service=code if stopped is None else stopped.code,
            out_since=None if stopped is None else stopped.since,
            nearby=nearby,
            night=night,
            voice=usual_voice(config, night=night),
            headphones=ear is not None and ear.plugged,
            safe_mode=safe_mode,
            window=window,
            on_battery=power is not None and bool(power.code),
        )

    return now


def closed_now(config: TerminalConfig, window: Hours | None, clock: Clock | None) -> dict[str, str]:
    """Of `kiosk.service.Faults`: what nobody behind the window means for whoever comes now."""
    if window is None or clock is None or window.open_at(clock.now().astimezone(CHINA)):
        return {}
    return {NO_STAFF: CLOSED} | ({CLOSED: CLOSED} if config.hours.mode == "window" else {})


def usual_voice(config: TerminalConfig, *, night: bool) -> Voice | None:
    """How a visit that begins now is spoken to; None where nothing shall speak."""
    asked = config.voice
    if asked.engine == "none":
        return None
    return Voice(on=asked.speaks, volume=asked.night_volume if night else asked.volume)


def wanted_voice(config: TerminalConfig) -> Wanted:
    """What the configuration says of the voice."""
    asked = config.voice
    return Wanted(
        engine=asked.engine,
        chinese=asked.chinese,
        english=asked.english,
        sound_device=asked.sound_device,
        dispatcher_socket=asked.dispatcher_socket,
        dispatcher_module=asked.dispatcher_module,
        packs=tuple(asked.packs_folder / name for name in asked.packs),
    )


def voice_worker(
    config: TerminalConfig, clock: Clock, health: Health, logbook: Logbook
) -> Worker[ChosenSpeaker]:
    """The one thread that speaks. That nothing is heard is noted once; captions go on in silence."""
    return Worker(
        "voice",
        start=lambda: build_speaker(wanted_voice(config), clock),
        stop=lambda speaker: speaker.close(),
        check=lambda speaker: Look(speaker.check()),
        check_every_s=_VOICE_EVERY_S,
        errors=(SpeechFailed,),
        refusals=(SpeechFailed,),
        clock=clock,
        health=health,
        logbook=logbook,
    )


def is_night(local: datetime, begins: str, ends: str) -> bool:
    """Whether it is between the two (HH:MM, over midnight, too). Two of one value: never."""
    now = f"{local:%H:%M}"
    return begins <= now < ends if begins <= ends else now >= begins or now < ends


def out_of_service(health: Health) -> Status | None:
    """What keeps this terminal from taking anything new: its store, its keys, or that the platform has revoked it."""
    revoked = health.of("link")
    if revoked is not None and revoked.code == Revoked.code:
        return revoked
    parts = (health.of("outbox"), health.of("recipients"))
    return next((part for part in parts if part is not None and part.broken), None)


def _clock_found(health: Health) -> str:
    """As `Surroundings.clock`."""
    wall = health.of("clock")
    return "unchecked" if wall is None or wall.value == ClockState.UNKNOWN else wall.value


def faults_of(config: TerminalConfig, health: Health) -> dict[str, str]:
    """Kind of device → code, for each that is not fitted or is known not to work; "storage" → no room for papers."""
    storage = health.of("storage")
    found = {"storage": storage.code} if storage is not None and storage.broken else {}
    for kind in type(config.devices).model_fields:
        part = health.of(kind)
        if getattr(config.devices, kind) is None:
            found[kind] = "D101"
        elif part is not None and part.broken:
            found[kind] = part.code
    return found


def build_workers(
    config: TerminalConfig,
    words: Words,
    clock: Clock,
    health: Health,
    logbook: Logbook,
    unforeseen: Unforeseen | None = None,
    power: PowerWatch | None = None,
    hands: Clock | None = None,
) -> Workers:
    """One worker for each device that is fitted, one for image work, one for the outbox. `hands`: as of `assemble`."""
    hands = hands or clock
    told = None if unforeseen is None else unforeseen.tell

    def device(kind: str, check: Callable[[Any], Look]) -> Any:
        settings = getattr(config.devices, kind)
        if settings is None:
            return None
        return Worker(
            kind,
            start=cast(Callable[[], Any], device_start(settings, hands)),
            stop=lambda thing: thing.close(),
            check=check,
            check_every_s=_NEWS_EVERY_S if kind in _NEWS else _CHECK_EVERY_S,
            check_watched=check is not rest_camera,  # it would let go of the lens in mid-preview
            errors=(DeviceError,),
            refusals=(Refused,),
            clock=hands,
            health=health,
            logbook=logbook,
            unforeseen=None if kind in _EXTRAS else told,
        )

    def keypad(slot: str) -> Worker[Keypad] | None:
        return cast("Worker[Keypad] | None", device(slot, check_device))

    pages: Worker[object] = Worker(
        "pages",
        start=object,
        stop=lambda _: None,
        errors=(),
        clock=hands,
        health=health,
        logbook=logbook,
        unforeseen=told,
    )
    cases: Worker[CaseDesk] = Worker(
        "outbox",
        start=lambda: case_desk(config, words, clock, health, logbook),
        stop=lambda desk: desk.close(),
        check=lambda desk: Look(desk.look()),
        check_every_s=_LINK_EVERY_S,
        drop_after=1,  # a store that fails once is not to be trusted with the next case
        errors=(CacheError,),
        clock=hands,
        health=health,
        logbook=logbook,
        unforeseen=told,
    )
    return Workers(
        id_card=device("id_card", check_device),
        document_camera=device("document_camera", rest_camera),
        receipt_printer=device("receipt_printer", check_device),
        evaluator=device("evaluator", check_device),
        pages=pages,
        cases=cases,
        document_scanner=device("document_scanner", check_device),
        signals=device("signals", check_device),
        platform=platform_worker(config, hands, health, logbook),
        stick=stick_worker(config, hands, health, logbook) if config.intake.stick else None,
        reader=reader_worker(hands, health, logbook),
        code_scanner=device("code_scanner", check_device),
        page_printer=device("page_printer", check_device),
        keypads=tuple(pad for slot in _KEYPADS if (pad := keypad(slot)) is not None),
        headphones=cast("Worker[Headphones] | None", device("headphones", check_device)),
        voice=None if config.voice.engine == "none" else voice_worker(config, hands, health, logbook),
        others=tuple(
            worker
            for kind in _LOOKED_AFTER
            if (worker := device(kind, check_device if kind != "ups" or power is None else looked_at(power)))
            is not None
        ),
    )


def reader_worker(clock: Clock, health: Health, logbook: Logbook) -> Worker[Reader]:
    """The one thread that has pages read. Its process starts with the first page of a visit and ends with the visit."""
    return Worker(
        "reader",
        start=lambda: Reader(clock),
        stop=lambda reader: reader.close(),
        errors=(ReadingFailed,),
        refusals=(ReadingFailed,),
        clock=clock,
        health=health,
        logbook=logbook,
    )


def platform_worker(
    config: TerminalConfig, clock: Clock, health: Health, logbook: Logbook
) -> Worker[Platform]:
    """The one thread of the face that asks the platform. A broken link is asked again, with the same client."""
    return Worker(
        "platform",
        start=lambda: open_platform(config, clock),
        stop=lambda platform: platform.close(),
        errors=(UploadError,),
        refusals=(UploadError,),
        clock=clock,
        health=health,
        logbook=logbook,
    )


def stick_worker(config: TerminalConfig, clock: Clock, health: Health, logbook: Logbook) -> Worker[Stick]:
    """The one thread that looks at USB sticks; it tells the health board whether one is in."""
    asked = config.intake
    rules = StickRules(most_files=asked.stick_most_files, most_bytes=asked.stick_most_mb * 1024 * 1024)
    return Worker(
        "stick",
        start=lambda: Stick(asked.stick_folder, rules),
        stop=lambda _: None,
        check=look_for,
        check_every_s=_STICK_EVERY_S,
        errors=STICK_ERRORS,
        refusals=STICK_ERRORS,
        clock=clock,
        health=health,
        logbook=logbook,
    )


def case_desk(
    config: TerminalConfig, words: Words, clock: Clock, health: Health, logbook: Logbook
) -> CaseDesk:
    """The face's side of the outbox, opened; a database that had to be made anew is noted. Raises `CacheError`."""
    outbox, days = open_outbox(config, clock), config.storage.drafts_days
    if outbox.rebuilt is not None:
        logbook.write(Event.OUTBOX_REBUILT, **asdict(outbox.rebuilt))

    tidy(config, clock, logbook)

    def deleted(pages: int) -> None:
        logbook.write(Event.DRAFTS_DELETED, pages=pages, days=days)

    return CaseDesk(
        outbox, health, words("evaluation.version"), clock, deleted, days, known_recipients(config, clock)
    )


def check_device(device: Device) -> Look:
    """What it says of itself, and its supplies; raises `Refused` with the condition that keeps it from working."""
    status = device.status()
    if not status.ready:
        raise Refused(status.condition or Condition.OFFLINE)
    return Look(device.identity(), status.supplies, status.readings)


def looked_at(power: PowerWatch) -> Callable[[Any], Look]:
    """The check of the supply, whose word is wanted at once."""

    def check(supply: Any) -> Look:
        power.look_at(supply)
        return check_device(supply)

    return check


def rest_camera(camera: DocumentCamera) -> Look:
    """Nobody needs pictures: a camera that nobody uses does not look."""
    camera.rest()
    return Look(camera.identity())
