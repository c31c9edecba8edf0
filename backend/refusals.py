"""How the platform says no: a status, a code, plain words, and never a word of what was sent."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

#: Said of a body longer than any that the platform reads.
TOO_LONG = "this body is too long"


class RefusalBody(BaseModel):
    """What every refusal looks like on the wire."""

    code: str = Field(
        description="Stable code, e.g. B404; see the table in docs/backend-api.md", examples=["B404"]
    )
    detail: str = Field(description="Plain words for an engineer; holds no personal data")


class Refusal(Exception):
    """The platform refuses a request.

    `code` is one of docs/backend-api.md; `detail` must never quote what was sent; `facts` are further fields.
    """

    def __init__(
        self, status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **facts: Any
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        self.facts = facts
        super().__init__(f"{code}: {detail}")

    def response(self) -> JSONResponse:
        """The refusal as an HTTP answer."""
        return refused(self.status, self.code, self.detail, self.headers, **self.facts)


def refused(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, **facts: Any
) -> JSONResponse:
    """A refusal's HTTP answer."""
    return JSONResponse({"code": code, "detail": detail, **facts}, status_code=status, headers=headers)


def places(errors: Sequence[Any]) -> str:
    """Where and what kind pydantic's `errors` are, without the values (or unknown names) that caused them."""
    return "; ".join(_place(error) for error in errors[:8])


def _place(error: Any) -> str:
    steps = [str(step) for step in error["loc"]]
    if error["type"] == "extra_forbidden":
        steps[-1] = "(unknown member)"  # its name is the sender's, and could be anything
    return f"{'.'.join(steps)}: {error['type']}"


async def _on_refusal(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return error.response()


async def _on_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return refused(422, "B422", f"the request does not fit its description: {places(error.errors())}")


async def _on_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    said = {404: "there is nothing here", 405: "this method is not offered here", 413: TOO_LONG}
    return refused(
        error.status_code, f"B{error.status_code}", said.get(error.status_code, "refused"), headers=headers
    )


def install(app: FastAPI) -> None:
    """Make every refusal of `app` speak in this form."""
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
