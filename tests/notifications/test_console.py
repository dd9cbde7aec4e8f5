"""The console channel: readable, and no address in full."""

import io

import pytest

from notifications import Message
from notifications.console import Console, masked


def test_a_line_tells_what_would_be_sent():
    """P-7: a phone number is shown 3 + 4."""
    stream = io.StringIO()
    Console("SMS", stream).send(Message("13800000001", "标题", "会诊已排期", "notice-1"))
    assert stream.getvalue() == "[SMS] 138****0001: 会诊已排期\n"


@pytest.mark.parametrize("short", ["", "1234567"])
def test_a_short_address_is_hidden_whole(short):
    assert masked(short) == "****"
