"""The shared templates: every component renders, in both languages, with icons that exist."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template, render_template_string

from app import create_app
from app.config import Mode, Settings
from app.errors import Conflict, Forbidden, Invalid

APP = Path(__file__).parents[2] / "app"
SPRITE = frozenset(
    re.findall(r'id="icon-([\w-]+)"', (APP / "templates/_icons.html").read_text("utf-8"))
)
IN_TEMPLATES = re.compile(r"""(?:icon\(|symbol=|#icon-)['"]?([a-z][\w-]*)['"]""")
IN_SCRIPTS = re.compile(r"""\bicon\('([\w-]+)'""")
# A block of JSON for an island is data, not a script.
INLINE = re.compile(
    r"""\sstyle=|\son\w+=|<style|<script(?![^>]*\s(src=|type="application/json"))"""
)
PERSON = SimpleNamespace(name="演示专家")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("var")
    app = create_app(
        Settings(
            mode=Mode.TESTING,
            secret_key="a secret of the tests",
            data_key=b"k" * 32,
            public_url="http://localhost",
            database=f"sqlite:///{folder}/pages.sqlite3",
            folder=folder,
        )
    )
    app.testing = True
    return app


def render(app: Flask, template: str, *, cookie: str = "language=zh", **context: object) -> str:
    with app.test_request_context(headers={"Cookie": cookie}):
        return render_template(template, **context)


def test_the_style_guide_shows_every_component(pages: Flask) -> None:
    entry = {"label": "待办事项", "url": "/", "icon": "inbox", "active": True, "count": 5}
    html = render(
        pages,
        "styleguide.html",
        current_person=PERSON,
        navigation=[entry],
        demo_people=[{"name": "试用医师", "role": "申请医师", "url": "/demo/1", "active": False}],
        url_of=lambda number: f"?page={number}",
        icon_names=sorted(SPRITE),
    )

    assert '<html lang="zh-CN">' in html
    assert 'href="#icon-video"' in html
    assert html.count('aria-current="page"') >= 2  # where one is, in the navigation and the tabs
    assert "已分配专家" in html
    assert 'action="/demo/1"' in html


def test_nobody_sees_the_demo_bar_unless_the_server_gives_people_to_switch_to(pages: Flask) -> None:
    html = render(pages, "error.html", error=Forbidden(), current_person=PERSON)
    assert "demo-bar" not in html


def test_a_refusal_says_why_and_offers_a_way_on_in_the_persons_language(pages: Flask) -> None:
    html = render(pages, "error.html", error=Conflict("会诊已结束"))
    assert "<title>内容已经变化" in html
    assert "会诊已结束" in html
    assert 'href="/"' in html

    english = render(pages, "error.html", cookie="language=en", error=Conflict("closed"))
    assert '<html lang="en">' in english

    invalid = render(pages, "error.html", error=Invalid({"age": "请填写年龄"}))
    assert "请填写年龄" in invalid


def test_a_wrong_field_is_described_to_those_who_cannot_see_it(pages: Flask) -> None:
    template = """{% from "_macros.html" import field %}
        {{ field("age", "年龄", "<171>", error="应为 0–150", hint="周岁", inputmode="numeric") }}"""
    with pages.test_request_context():
        html = render_template_string(template)

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="age-error age-hint"' in html
    assert 'id="age-error"' in html
    assert 'inputmode="numeric"' in html
    assert "&lt;171&gt;" in html


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    asked = {
        (path.name, name)
        for folder, pattern in (("templates", IN_TEMPLATES), ("client/src", IN_SCRIPTS))
        for path in sorted((APP / folder).rglob("*.*"))
        if path.suffix in (".html", ".ts", ".tsx")
        for name in pattern.findall(path.read_text("utf-8"))
    }
    assert ("base.html", "menu") in asked
    assert {(file, name) for file, name in asked if name not in SPRITE} == set()


def test_every_island_that_a_page_names_exists() -> None:
    asked = {
        (path.name, name)
        for path in sorted((APP / "templates").rglob("*.html"))
        for name in re.findall(r'data-island="([\w-]+)"', path.read_text("utf-8"))
    }
    there = {path.stem for path in (APP / "client/src/islands").glob("*.ts*")}
    assert ("show.html", "form") in asked
    assert {(file, name) for file, name in asked if name not in there} == set()


def test_the_style_guide_is_not_part_of_the_product(tmp_path: Path) -> None:
    settings = Settings(
        mode=Mode.PRODUCTION,
        secret_key="a secret of the tests",
        data_key=b"k" * 32,
        public_url="https://localhost",
        database="sqlite://",
        folder=tmp_path,
    )
    assert "styleguide.show" not in create_app(settings).view_functions


def test_no_template_has_inline_styles_or_scripts() -> None:
    """The content security policy refuses both; an inline style would also hide a colour."""
    for path in (APP / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not INLINE.search(text), path.name
