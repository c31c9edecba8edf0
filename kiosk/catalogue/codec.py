"""Frozen values as JSON and back, by their declared types. Nothing but these types can come out, whatever went in.

A dataclass becomes the list of its values, in the order of its fields. What does not fit raises ValueError.
"""

import dataclasses
import enum
import types
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Decode = Callable[[Any], Any]


def encode(value: Any) -> Any:
    """What JSON can hold of `value`."""
    if dataclasses.is_dataclass(value):
        return [encode(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, tuple):
        return [encode(one) for one in value]
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


@cache
def decoder(kind: Any) -> Decode:
    """What makes values of type `kind` of what JSON held."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _tuple(inner)
    if origin in (Union, types.UnionType):
        return _union(inner)
    if origin is Literal:
        return _among(frozenset(inner))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind
    return date.fromisoformat if kind is date else _exactly(kind)


def _dataclass(kind: type) -> Decode:
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    parts = [decoder(hints[name]) for name in names]
    count = len(names)

    def decode(told: Any) -> Any:
        if type(told) is not list or len(told) != count:
            raise ValueError(kind.__name__)
        return kind(**{name: part(one) for name, part, one in zip(names, parts, told, strict=True)})

    return decode


def _tuple(inner: tuple[Any, ...]) -> Decode:
    if len(inner) == 2 and inner[1] is Ellipsis:
        each = decoder(inner[0])

        def decode(told: Any) -> Any:
            if type(told) is not list:
                raise ValueError("list")
            return tuple([each(one) for one in told])

        return decode
    parts = [decoder(kind) for kind in inner]

    def decode_fixed(told: Any) -> Any:
        if type(told) is not list or len(told) != len(parts):
            raise ValueError("list")
        return tuple([part(one) for part, one in zip(parts, told, strict=True)])

    return decode_fixed


def _union(inner: tuple[Any, ...]) -> Decode:
    """X | None: the only union that is used."""
    (kind,) = (one for one in inner if one is not types.NoneType)
    some = decoder(kind)
    return lambda told: None if told is None else some(told)


def _among(values: frozenset[Any]) -> Decode:
    def decode(told: Any) -> Any:
        if told not in values:
            raise ValueError("literal")
        return told

    return decode


def _exactly(kind: type) -> Decode:
    allowed = (float, int) if kind is float else (kind,)

    def decode(told: Any) -> Any:
        if type(told) not in allowed:
            raise ValueError(kind.__name__)
        return told

    return decode
