"""The application: every router over one data folder."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError

from backend import VERSION
from backend.api import (
    about,
    board,
    bundles,
    case_pages,
    cases,
    downloads,
    files,
    imports,
    messages,
    operators,
    people,
    phone_uploads,
    phones,
    ratings,
    terminals,
)
from backend.catching_up import catch_up
from backend.clock import Clock, RealClock
from backend.drafts import drop_expired
from backend.guards import Courtesy, Shield, SmallBodies
from backend.heartbeats import sites
from backend.platform import Platform
from backend.refusals import install
from backend.settings import Settings

_DESCRIPTION = """
The reference platform that self-service terminals hand joint-service matters (一件事) to.

A terminal is **enrolled** with a one-time code, **sends** sealed parts (tus 1.0.0), **hands in** the case under its
own id as often as it takes, and may bring the citizen's **evaluation** and ask for **progress**. The platform opens
what was sealed to it in memory only. Every refusal is `{"code", "detail"}`; the codes stand in
`docs/backend-api.md`.
"""


_PARTS = (
    about, terminals, files, cases, messages, people, board, phone_uploads, phones, operators, imports, ratings,
    case_pages, bundles,
)  # fmt: skip
_ROUTERS = (*(part.router for part in _PARTS), downloads.router, downloads.for_operator)
_SWEEP_S = 10  # how long a phone's pictures may outlive their time at most; chosen


async def _sweep(platform: Platform) -> None:
    """Forget pictures from phones and drafts whose time is over, also when nobody asks for anything."""
    while True:
        await asyncio.sleep(_SWEEP_S)
        platform.phones.sweep()
        with suppress(SQLAlchemyError):  # a database that is busy now answers the next time
            await run_in_threadpool(drop_expired, platform)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    platform: Platform = app.state.platform
    sweeping = asyncio.create_task(_sweep(platform))
    try:
        yield
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        platform.close()


def create_app(
    data: Path,
    *,
    clock: Clock | None = None,
    settings: Settings | None = None,
    journal: IO[str] | None = None,
) -> FastAPI:
    """The platform over the data folder `data`, which is taken at once and let go when the application ends.

    `settings` replace those in the folder; `journal` is where events are written (default: stderr). Raises what
    `Platform` raises: the folder is taken, belongs to another key, or its settings are wrong.
    """
    platform = Platform(data, clock or RealClock(), journal or sys.stderr, settings)
    try:
        catch_up(platform)
        drop_expired(platform)
    except BaseException:
        platform.close()
        raise
    app = FastAPI(
        title="Joint-service platform",
        version=VERSION,
        description=_DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.platform = platform
    app.state.sites = sites(data)
    install(app)
    for guard in (SmallBodies, Shield, Courtesy):  # the last is the outermost
        app.add_middleware(guard)
    for router in _ROUTERS:
        app.include_router(router)
    # a repository of signed releases (docs/how-to/update.md); who brings it is believed for its signatures alone
    (data / "releases").mkdir(exist_ok=True)
    app.mount("/releases", StaticFiles(directory=data / "releases"))
    return app
