"""Every word a person reads exists in English, and nothing but those words is in the catalogue."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app.web.translations import compile_stale

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def used(root: Path) -> set[str]:
    """The message ids in Python and in templates."""
    with (root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        str(root),
        methods,
        options,
        keywords=DEFAULT_KEYWORDS | {"lazy_gettext": None},
        # Elsewhere nothing is extracted, and node_modules takes seconds to walk through.
        directory_filter=lambda path: (
            not re.search(r"/(node_modules|static|client|var|\.\w+|tests|bpmn|docs)(/|$)", path)
        ),
    )
    return {
        id_ if isinstance(id_, str) else id_[0] for _file, _line, id_, _notes, _context in found
    }


@pytest.fixture(scope="module")
def catalogue(root: Path) -> Catalog:
    with (root / "app/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_no_word_is_missing_and_none_is_left_over(used: set[str], catalogue: Catalog) -> None:
    there = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}
    assert used - there == set(), "run `make messages`, then translate what is new"
    assert there - used == set(), "run `make messages`"


def test_every_word_is_translated_with_the_same_placeholders(catalogue: Catalog) -> None:
    for message in catalogue:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        one = message.id if isinstance(message.id, str) else message.id[0]
        given = [message.string] if isinstance(message.string, str) else message.string
        for text in given:
            assert text, f"{one} is not translated"
            assert not CHINESE.search(text), f"{one} is still Chinese"
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(one)), one


def test_a_percent_sign_stands_for_a_placeholder_or_is_doubled(catalogue: Catalog) -> None:
    """Templates format every text, also one that is given nothing."""
    for message in catalogue:
        texts = [message.id, message.string] if isinstance(message.id, str) else message.id
        for text in filter(None, texts):
            assert "%" not in PLACEHOLDER.sub("", str(text)).replace("%%", ""), text


def test_a_page_in_english_is_english(app, client) -> None:
    browser = client(None)
    browser.post("/language", data={"language": "en"})
    for path in ("/sign-in", "/register", "/nowhere"):
        words = browser.get(path).text.replace("中文", "")
        assert CHINESE.findall(words) == [], path


def test_a_changed_catalogue_is_compiled_at_the_next_start(tmp_path: Path) -> None:
    source = tmp_path / "en/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr ""\n\nmsgid "会诊"\nmsgstr "Consultation"\n', "utf-8")

    assert [path.name for path in compile_stale(tmp_path)] == ["messages.mo"]
    assert compile_stale(tmp_path) == []
    assert [
        path.name for path in source.parent.iterdir() if path.suffix not in {".po", ".mo"}
    ] == []
