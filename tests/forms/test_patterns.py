"""Patterns mean what a browser means by them, or are not taken."""

import time

import pytest

from forms import patterns


@pytest.mark.parametrize(
    ("pattern", "text", "is_match"),
    [
        ("^1[3-9]\\d{9}$", "13800000000", True),
        ("^1[3-9]\\d{9}$", "13800000000\n", False),  # Python's own $ would take it
        ("^\\d+(\\.\\d+)?$", "36.8", True),
        ("^[\u4e00-\u9fa5]{2,4}$", "张三", True),
        ("^[^\\s]+$", "a\ufeffb", False),
        ("^\\s$", "\u3000", True),
        ("^\\w+$", "é", False),
        ("^(?:甲|乙)$", "乙", True),
        ("a|b", "xb", True),
        ("^.{2}$", "𠮷", True),  # two UTF-16 units
        ("^[A-Z]{2}-\\d{1,4}\\/\\d{2}$", "AB-12/34", True),
        ("^(a?)$", "", True),
    ],
)
def test_matches(pattern: str, text: str, is_match: bool) -> None:
    assert patterns.matches(pattern, text) is is_match


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|b*)*",
        "(a?){30}",
        "(?=a)b",
        "(?<!a)b",
        "(?P<n>a)",
        "(?<n>a)",
        "(a)\\1",
        "a*+",
        "a++",
        "+a",
        "(",
        ")",
        "[",
        "[]",
        "[a",
        "\\",
        "\\p{L}",
        "\\x41",
        "{2}",
        "^*",
        "[z-a]",
        "[a--b]",
        "a{99999999999}",
        "\\d*\\d*\\d*x",
        "a" * 301,
    ],
)
def test_unsupported(pattern: str) -> None:
    with pytest.raises(patterns.Unsupported):
        patterns.compiled(pattern)


def test_the_slowest_pattern_allowed_ends_soon() -> None:
    text = "a" * 1000
    started = time.perf_counter()
    assert not patterns.matches("a*a*b", text)
    assert time.perf_counter() - started < 5
