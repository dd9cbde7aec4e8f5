"""People with browsers: a real Chromium with invented cameras, and the product itself."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.accounts.models import Person
from app.accounts.passwords import hash_password
from app.db import db
from tests.journeys.chromium import CHROMIUM
from tests.server import Product, running

PASSWORD = "an invented pass phrase"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("journey")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **CHROMIUM}


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """The product, running; what it wrote to its log is shown when a journey fails."""
    with running(tmp_path) as served:
        yield served
        print(served.log.read_text()[-4000:])


@pytest.fixture
def complaints() -> list[str]:
    """What browsers had to complain about: errors of scripts, refused content, lost answers."""
    return []


@pytest.fixture
def visit(
    product: Product, browser: Browser, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    """`visit(person)`: a page of that person, signed in, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def sign_in(person: Person, **options: Any) -> Page:
        with product.database():
            known = db.session.get(Person, person.id)
            assert known is not None
            known.password_hash = _hash()
            db.session.commit()
        options.setdefault("viewport", {"width": 1440, "height": 900})
        contexts.append(browser.new_context(base_url=product.url, locale="zh-CN", **options))
        listen(contexts[-1], complaints)
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.goto("/sign-in")
        page.get_by_label("登录名").fill(person.login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    yield sign_in
    for context in contexts:
        context.close()


def listen(context: BrowserContext, complaints: list[str]) -> None:
    """Keep what the pages of a browser report as wrong."""
    context.on("weberror", lambda error: complaints.append(f"{error.page.url}: {error.error}"))
    context.on(
        "console",
        lambda said: said.type == "error" and complaints.append(f"{said.page.url}: {said.text}"),
    )


_hashes: list[str] = []


def _hash() -> str:
    if not _hashes:
        _hashes.append(hash_password(PASSWORD))
    return _hashes[0]
