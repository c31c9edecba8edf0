"""Bytes of IPP to values: literal messages, both ways, and whatever else a socket may bring."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyipp.enums import IppOperation, IppTag
from pyipp.serializer import encode_dict

from devices.errors import Garbled
from devices.page_printer.ipp_message import Attribute, Group, Message, format_message, parse_message

# an answer to Get-Job-Attributes, put together by hand after RFC 8010, 3.1 to 3.5
JOB_ANSWER = (
    b"\x01\x01\x00\x00\x00\x00\x00\x2a"  # version 1.1, successful-ok, request 42
    b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x02"  # job attributes
    b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x93"
    b"\x42\x00\x08job-name\x00\x05TTS-1"
    b"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x05"
    b"\x44\x00\x11job-state-reasons\x00\x0cjob-printing"
    b"\x44\x00\x00\x00\x0fprinter-stopped"  # a second value bears no name
    b"\x13\x00\x19job-impressions-completed\x00\x00"  # no-value
    b"\x03"
)


def test_an_answer_about_a_job() -> None:
    message = parse_message(JOB_ANSWER)
    assert (message.version, message.code, message.request_id) == ((1, 1), 0, 42)
    job = message.first(IppTag.JOB)
    assert (job.number("job-id"), job.word("job-name"), job.number("job-state")) == (147, "TTS-1", 5)
    assert job.words("job-state-reasons") == ("job-printing", "printer-stopped")
    assert job.number("job-impressions-completed") is None
    assert job.values("job-impressions-completed") == (None,)
    assert format_message(message) == JOB_ANSWER


def test_values_that_pyipp_refuses_a_whole_answer_for() -> None:
    """A maker's own operation and state, a date with a year that is none, an empty group."""
    message = parse_message(
        b"\x02\x00\x00\x00\x00\x00\x00\x01\x05\x04"
        b"\x23\x00\x14operations-supported\x00\x04\x00\x00\x00\x0b\x23\x00\x00\x00\x04\x00\x00\x7f\x99"
        b"\x31\x00\x14printer-current-time\x00\x0b\xff\xff\x00\x00\x00\x00\x00\x00?\x00\x00"
        b"\x03"
    )
    assert message.all(IppTag.UNSUPPORTED_GROUP) == (Group(IppTag.UNSUPPORTED_GROUP),)
    assert message.first(IppTag.PRINTER).numbers("operations-supported") == (0x0B, 0x7F99)


def test_collections_are_passed_over_and_text_with_a_language_is_text() -> None:
    message = parse_message(
        b"\x02\x00\x00\x00\x00\x00\x00\x01\x04"
        b"\x34\x00\x09media-col\x00\x00"
        b"\x4a\x00\x00\x00\x0amedia-size\x34\x00\x00\x00\x00"
        b"\x4a\x00\x00\x00\x0bx-dimension\x21\x00\x00\x00\x04\x00\x00\x52\x08"
        b"\x37\x00\x00\x00\x00\x37\x00\x00\x00\x00"
        b"\x35\x00\x0cprinter-info\x00\x0b\x00\x02zh\x00\x05Lobby"
        b"\x22\x00\x1aprinter-is-accepting-jobs\x00\x01".replace(b"\x1a", b"\x19")
        + b"\x01\x03"
    )
    printer = message.first(IppTag.PRINTER)
    assert printer.values("media-col") == (None,)
    assert printer.word("printer-info") == "Lobby"
    assert printer.flag("printer-is-accepting-jobs") is True
    assert printer.number("printer-is-accepting-jobs") is None


def test_what_pyipp_writes_is_read() -> None:
    request = encode_dict(
        {
            "version": (2, 0),
            "operation": IppOperation.PRINT_JOB,
            "request-id": 9,
            "operation-attributes-tag": {"attributes-charset": "utf-8", "job-name": "TTS-1", "my-jobs": True},
            "job-attributes-tag": {"copies": 3},
            "data": b"%PDF-",
        }
    )
    message = parse_message(request)
    assert message.first(IppTag.OPERATION).word("job-name") == "TTS-1"
    assert message.first(IppTag.OPERATION).flag("my-jobs") is True
    assert message.first(IppTag.JOB).number("copies") == 3
    assert message.document == b"%PDF-"


_HEAD = b"\x02\x00\x00\x00\x00\x00\x00\x01"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        _HEAD,
        b"\x03" + _HEAD[1:] + b"\x03",  # version 3.0
        _HEAD + b"\x00\x03",  # a group of the reserved kind
        _HEAD + b"\x01\x44\xff\xff\x00\x00\x03",  # a name of -1 bytes: pyipp runs in circles here
        _HEAD + b"\x01\x44\x00\x01a\x80\x00\x03",
        _HEAD + b"\x01\x44\x00\x00\x00\x01a\x03",  # a further value of nothing
        _HEAD + b"\x01\x21\x00\x01a\x00\x02\x00\x01\x03",  # an integer of two bytes
        _HEAD + b"\x01\x22\x00\x01a\x00\x00\x03",
        _HEAD + b"\x01\x34\x00\x01a\x00\x00\x03",  # a collection without an end
        _HEAD + b"\x01\x37\x00\x00\x00\x00\x03",
        _HEAD + b"\x01\x36\x00\x01a\x00\x02\x00\x09\x03",
        b"<html>sign in</html>",
    ],
)
def test_nonsense(data: bytes) -> None:
    with pytest.raises(Garbled):
        parse_message(data)


@pytest.mark.parametrize("length", range(len(JOB_ANSWER)))
def test_an_answer_cut_anywhere(length: int) -> None:
    with pytest.raises(Garbled):
        parse_message(JOB_ANSWER[:length])


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=600)
def test_arbitrary_bytes_are_a_message_or_garbled(data: bytes, headed: bool) -> None:
    try:
        assert isinstance(parse_message(_HEAD + data if headed else data), Message)
    except Garbled:
        return


_words = st.text(st.characters(codec="utf-8"), max_size=12)
_names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)
_attributes = st.one_of(
    st.tuples(
        _names,
        st.sampled_from([IppTag.KEYWORD, IppTag.NAME, IppTag.URI, IppTag.TEXT_LANG]),
        st.lists(_words, min_size=1),
    ),
    st.tuples(
        _names,
        st.sampled_from([IppTag.INTEGER, IppTag.ENUM]),
        st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1),
    ),
    st.tuples(_names, st.just(IppTag.BOOLEAN), st.lists(st.booleans(), min_size=1, max_size=1)),
    st.tuples(_names, st.just(IppTag.RESOLUTION), st.lists(st.binary(max_size=9), min_size=1)),
    st.tuples(_names, st.just(IppTag.NO_VALUE), st.just([None])),
).map(lambda parts: Attribute(parts[0], int(parts[1]), tuple(parts[2])))
_groups = st.lists(
    st.builds(Group, st.sampled_from([1, 2, 4, 5]), st.lists(_attributes, min_size=1, max_size=4).map(tuple)),
    max_size=4,
).map(tuple)


@given(
    st.builds(
        Message,
        st.integers(0, 0x7FFF),
        st.integers(0, 2**31 - 1),
        _groups,
        st.binary(max_size=20),
        st.sampled_from([(1, 1), (2, 0)]),
    )
)
def test_there_and_back(message: Message) -> None:
    assert parse_message(format_message(message)) == message
