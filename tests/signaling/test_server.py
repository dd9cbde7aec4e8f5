"""The product as it is run, under eventlet, with real sockets to it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import socketio
import websocket
from socketio.exceptions import ConnectionError as Refused

from app.accounts.models import Person
from app.db import now
from signaling.limits import LARGEST_MESSAGE
from tests.server import Product, running
from tests.session import Session, make_session
from tests.signaling.test_room import STROKE

WAIT_S = 10


class Client:
    """A page of a person, over the network."""

    def __init__(self, product: Product, person: Person | None, **headers: str) -> None:
        self.heard: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._io = socketio.Client(reconnection=False)
        self._io.on("*", self._hear)
        self._io.connect(
            product.url,
            headers={"Cookie": cookie(product, person), **headers},
            transports=["websocket"],
            wait_timeout=WAIT_S,
        )

    def send(self, name: str, **message: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._io.call(name, message, timeout=WAIT_S)
        return answer

    def wait_for(self, name: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next((one for one in self.heard if one["type"] == name), None)

        with self._news:
            assert self._news.wait_for(found, WAIT_S), f"{name} was not heard"
        return found() or {}

    def _hear(self, _name: str, message: dict[str, Any]) -> None:
        with self._news:
            self.heard.append(message)
            self._news.notify_all()

    def close(self) -> None:
        self._io.disconnect()


def cookie(product: Product, person: Person | None) -> str:
    """The session cookie of a signed-in person."""
    if person is None:
        return ""
    browser = product.app.test_client()
    seen = int(now().timestamp())
    with browser.session_transaction() as session:
        session.update(_user_id=str(person.id), since=seen, seen=seen, epoch=person.epoch)
    found = browser.get_cookie("session")
    assert found is not None
    return f"session={found.value}"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def product(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("served")
    database = None
    if request.param == "postgres":
        database = request.getfixturevalue("postgres").create_database()
    with running(folder, database) as served:
        yield served


@pytest.fixture
def session(product: Product) -> Session:
    with product.database():
        return make_session()


@pytest.fixture
def client(product: Product) -> Iterator[Callable[..., Client]]:
    opened: list[Client] = []

    def connect(person: Person | None, **headers: str) -> Client:
        opened.append(Client(product, person, **headers))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def test_a_stroke_reaches_the_other_browser(client, session):
    li, wang = client(session.li), client(session.wang)
    for page in (li, wang):
        assert page.send("room:join", consultation=session.consultation.id)["ok"]
    assert wang.send("stroke:add", **STROKE)["ok"]
    assert li.wait_for("stroke:added")["points"] == STROKE["points"]


def test_many_strokes_at_once_are_numbered_without_a_gap(client, session):
    pages = [client(session.li), client(session.wang)]
    for page in pages:
        page.send("room:join", consultation=session.consultation.id)

    def draw(page: Client) -> None:
        for number in range(20):
            assert page.send("stroke:add", **{**STROKE, "key": f"k{number}"})["ok"]

    writers = [threading.Thread(target=draw, args=(page,)) for page in pages]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    numbers = [one["number"] for one in pages[0].send("room:missed", after=0)["entries"]]
    assert numbers == list(range(1, 43))


def test_somebody_who_is_gone_is_noticed(client, session):
    li, wang = client(session.li), client(session.wang)
    for page in (li, wang):
        page.send("room:join", consultation=session.consultation.id)
    wang.close()
    assert li.wait_for("person:left")["author"] == session.wang.id


def test_nobody_connects_without_a_sign_in(client, session):
    """S4-5"""
    with pytest.raises(Refused):
        client(None)


def test_a_page_of_another_site_cannot_use_our_cookie(client, session):
    """S4-5: browsers say where a page comes from; scripts elsewhere cannot change that."""
    with pytest.raises(Refused):
        client(session.wang, Origin="https://evil.example")


@contextmanager
def raw(product: Product, person: Person) -> Iterator[websocket.WebSocket]:
    """A websocket without a client library's manners, past the greetings."""
    url = product.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    offered = "Sec-WebSocket-Extensions: permessage-deflate"
    line = websocket.create_connection(
        url, cookie=cookie(product, person), header=[offered], timeout=WAIT_S
    )
    try:
        assert line.recv().startswith("0")
        line.send("40")
        assert line.recv().startswith("40")
        yield line
    finally:
        line.shutdown()


def test_a_message_of_a_megabyte_ends_its_connection_and_no_other(product, client, session):
    li = client(session.li)
    li.send("room:join", consultation=session.consultation.id)
    with raw(product, session.wang) as line:
        line.send('42["chat:say",{"key":"k","text":"' + "x" * 2**20 + '"}]')
        assert is_ended(line)
    assert li.send("chat:say", key="k", text="还在")["ok"]


def test_what_is_no_message_ends_its_connection_and_no_other(product, client, session):
    li = client(session.li)
    li.send("room:join", consultation=session.consultation.id)
    for nonsense in ('42["room:join"', "9", "42{}", '42[{"a":1}]', '42["__proto__",{}]', "44" * 99):
        with raw(product, session.wang) as line:
            line.send(nonsense)
    assert li.send("chat:say", key="k", text="还在")["ok"]


def test_messages_are_not_compressed(product, session):
    """Compressing costs more than the messages, and hides their size from the limit."""
    with raw(product, session.wang) as line:
        assert "sec-websocket-extensions" not in line.getheaders()
    assert LARGEST_MESSAGE < 2**20


def is_ended(line: websocket.WebSocket) -> bool:
    """Whether the server hung up, reading whatever it still had to say."""
    try:
        while line.recv():
            pass
    except websocket.WebSocketTimeoutException:
        return False
    except (websocket.WebSocketException, ConnectionError):
        pass
    return True
