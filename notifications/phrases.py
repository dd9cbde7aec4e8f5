"""The little language of notice texts: facts in braces, passages that need them in brackets.

    会诊 {number} 已排期[，时间：{at}]。      without `at`, what stands in brackets is left out
    新的待办：{task|会诊任务}                 without `task`, the words after the bar stand there

Brackets without a fact in them are brackets. There is nothing here that could run, loop or fail.
"""

import re
from collections.abc import Mapping

_FACT = re.compile(r"\{\s*(\w+)\s*(?:\|([^{}\[\]]*))?\}")
_PASSAGE = re.compile(r"\[([^\[\]]*\{[^\[\]]*)\]")


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts put in; what is missing or empty is unknown. Facts are data."""

    def passage(found: re.Match[str]) -> str:
        return found[1] if all(map(facts.get, _needed(found[1]))) else ""

    return _FACT.sub(lambda one: facts.get(one[1]) or one[2] or "", _PASSAGE.sub(passage, text))


def facts_in(text: str) -> list[str]:
    """The names of the facts a text speaks of, in their order."""
    return [found[1] for found in _FACT.finditer(text)]


def bare_facts(text: str) -> list[str]:
    """Those without which the text has a gap: no words instead, and not within brackets."""
    return _needed(_PASSAGE.sub("", text))


def stray_braces(text: str) -> bool:
    """Whether a brace stands there that belongs to no fact."""
    return not {"{", "}"}.isdisjoint(_FACT.sub("", text))


def _needed(text: str) -> list[str]:
    return [found[1] for found in _FACT.finditer(text) if found[2] is None]
