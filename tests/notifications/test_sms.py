"""SMS: the real Twilio client against a server that speaks Twilio's API."""

import socket

import pytest

from notifications import Failure, Message
from notifications.sms import Sms, e164
from tests.twilio_server import SID, TOKEN, twilio_server

TEXT = Message("138 0000 0001", "标题", "【会诊】会诊HZ-1已排期,请登录查看。")


@pytest.fixture
def server():
    with twilio_server() as running:
        yield running


def failure_of(channel, message=TEXT):
    with pytest.raises(Failure) as raised:
        channel.send(message)
    return raised.value.code, raised.value.is_permanent


def test_a_text_arrives_as_it_was_written(server):
    """S2-31: the SMS platform takes Chinese text for a Chinese number."""
    sid = Sms(SID, TOKEN, "+8610000000", server.url + "/").send(TEXT)
    assert sid == f"SM{1:032x}"
    assert server.messages == [{"To": "+8613800000001", "From": "+8610000000", "Body": TEXT.text}]


def test_a_messaging_service_can_be_the_sender(server):
    Sms(SID, TOKEN, "MG" + "2" * 32, server.url).send(TEXT)
    assert server.messages[0]["MessagingServiceSid"] == "MG" + "2" * 32
    assert "From" not in server.messages[0]


@pytest.mark.parametrize(
    ("status", "code", "is_permanent"),
    [
        (400, 21211, True),  # no such number
        (400, 21610, True),  # the person replied STOP
        (429, 20429, False),
        (500, 20500, False),
        (503, 20503, False),
    ],
)
def test_twilios_refusals_are_told_apart(server, status, code, is_permanent):
    server.errors.append((status, code))
    assert failure_of(Sms(SID, TOKEN, "+1555", server.url)) == (f"twilio-{code}", is_permanent)
    assert server.messages == []


def test_a_wrong_password_can_be_mended(server):
    assert failure_of(Sms(SID, "wrong", "+1555", server.url)) == ("twilio-20003", False)


def test_an_unreachable_provider_is_tried_again():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"  # bound, but nobody listens
        assert failure_of(Sms(SID, TOKEN, "+1555", url)) == ("ConnectionError", False)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("13800000001", "+8613800000001"),
        ("138-0000-0001", "+8613800000001"),
        ("+86 138 0000 0001", "+8613800000001"),
        ("008613800000001", "+8613800000001"),
        ("+1 (555) 010-9999", "+15550109999"),
    ],
)
def test_numbers_are_written_as_networks_do(given, written):
    assert e164(given) == written


@pytest.mark.parametrize("given", ["", "12345", "010-88886666", "+0123456789", "1380000000x"])
def test_what_is_no_mobile_number_is_not_tried(server, given):
    message = Message(given, "标题", "文字")
    assert failure_of(Sms(SID, TOKEN, "+1555", server.url), message) == ("bad-number", True)
