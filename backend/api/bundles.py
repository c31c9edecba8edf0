"""Support bundles: taken from terminals, listed and handed to the operator."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel

from backend.api.callers import ThePlatform, TheRequest, TheTerminal, operator, page_operator, refusals
from backend.bundles import bundles, content_of, keep

router = APIRouter(tags=["support bundles"])
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bundle")]


class BundleKept(BaseModel):
    """That a bundle is kept."""

    sha256: str


class BundleView(BaseModel):
    """A bundle that is here."""

    terminal_id: str
    sha256: str
    bytes: int
    received_at: datetime


@router.put(
    "/v1/terminal/bundles/{sha256}",
    status_code=201,
    responses={
        **refusals(s413="B413: more than 20 MB"),
        200: {"model": BundleKept, "description": "it was here before"},
    },
)
def bring(
    sha256: Digest, asked: TheRequest, response: Response, caller: TheTerminal, platform: ThePlatform
) -> BundleKept:
    """Bring a support bundle (`application/zip`). The newest five of a terminal are kept. Repeated safely."""
    response.status_code = 201 if keep(platform, caller.terminal_id, sha256, asked.body or b"") else 200
    return BundleKept(sha256=sha256)


@router.get("/v1/operator/bundles", dependencies=[Depends(operator)], tags=["operator"])
def all_bundles(platform: ThePlatform) -> list[BundleView]:
    """Every bundle that is here, the newest first."""
    return [
        BundleView(
            terminal_id=row.terminal_id, sha256=row.sha256, bytes=row.bytes, received_at=row.received_at
        )
        for row in bundles(platform)
    ]


@router.get(
    "/v1/operator/bundles/{terminal_id}/{sha256}",
    dependencies=[Depends(operator)],
    responses=refusals(s404="B404: unknown"),
    response_class=Response,
    tags=["operator"],
)
def one_bundle(terminal_id: str, sha256: Digest, platform: ThePlatform) -> Response:
    """One bundle as it came. Check it with `support-bundle FILE --check --key` before anything else."""
    return _as_it_came(platform, terminal_id, sha256)


@router.get(
    "/terminals/{terminal_id}/bundles/{sha256}",
    include_in_schema=False,
    dependencies=[Depends(page_operator)],
    response_class=Response,
)
def bundle_of_the_board(terminal_id: str, sha256: Digest, platform: ThePlatform) -> Response:
    """The same for whoever looks at the page of all terminals."""
    return _as_it_came(platform, terminal_id, sha256)


def _as_it_came(platform: ThePlatform, terminal_id: str, sha256: str) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{sha256[:16]}.zip"',
    }
    return Response(content_of(platform, terminal_id, sha256), media_type="application/zip", headers=headers)
