"""What is wrong with the notice texts a process version brings, before anybody is told anything."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from notifications.catalogue import IN_SMS, LONGEST_STEP, OF_CASE, TEMPLATES, Template, template
from notifications.length import parts
from notifications.phrases import bare_facts, facts_in, fill, stray_braces
from notifications.texts import LANGUAGES, PARTS

Severity = Literal["error", "warning"]
Fault = tuple[str, str, str]  # rule, zh, en

MOST_NOTICES = 100
MOST_SMS_PARTS = 2  # each is billed, and a longer one is not read on a locked screen
LONGEST = {"title": 60, "body": 500, "sms": 400}  # characters as written
_NAME = re.compile(r"[a-z][a-z0-9-]{1,31}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# The longest that each fact is shown as, by language.
AT_MOST: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "number": "HZ20261231-000001",
        "task": "步" * LONGEST_STEP,
        "at": "12月31日23:59",
        "due_at": "12月31日23:59",
        "days": "365",
    },
    "en": {
        "number": "HZ20261231-000001",
        "task": "s" * LONGEST_STEP,
        "at": "31 Dec 23:59",
        "due_at": "31 Dec 23:59",
        "days": "365",
    },
}


@dataclass(frozen=True)
class Problem:
    """What is wrong, in which template, and in which language and part if it is in one."""

    template: str
    language: str
    part: str
    rule: str
    zh: str
    en: str
    severity: Severity = "error"


def check(notices: Any) -> list[Problem]:
    """Everything that is wrong with the notices of a version: {template: {language: {part}}}."""
    if not _is_shaped(notices):
        zh, en = "通知文字的格式有误", "the notice texts do not have the shape of such texts"
        return [Problem("", "", "", "notice-shape", zh, en)]
    if len(notices) > MOST_NOTICES:
        zh = f"通知多于 {MOST_NOTICES} 种"
        en = f"there are more than {MOST_NOTICES} kinds of notices"
        return [Problem("", "", "", "notice-number", zh, en)]
    return [problem for name in notices for problem in _template(name, notices)]


def _is_shaped(notices: Any) -> bool:
    return isinstance(notices, Mapping) and all(
        isinstance(name, str)
        and isinstance(languages, Mapping)
        and languages.keys() <= set(LANGUAGES)
        and all(
            isinstance(texts, Mapping)
            and texts.keys() <= set(PARTS)
            and all(isinstance(text, str) for text in texts.values())
            for texts in languages.values()
        )
        for name, languages in notices.items()
    )


def _template(name: str, notices: Mapping[str, Any]) -> Iterator[Problem]:
    if name in TEMPLATES.keys() - OF_CASE:
        zh, en = "这种通知与会诊无关，流程不能更改", "this notice is not about a case"
        yield Problem(name, "", "", "notice-name", zh, en)
        return
    if not _NAME.fullmatch(name):
        zh = "通知的名称须为 2 至 32 个小写字母、数字或连字符，以字母开头"
        en = "a notice's name has 2 to 32 small letters, digits and hyphens, a letter first"
        yield Problem(name, "", "", "notice-name", zh, en)
        return
    yield from _missing(name, notices)
    found = template(name, notices)
    for language, texts in notices[name].items():
        for part, text in texts.items():
            for rule, zh, en in _text(found, language, part, text):
                severity: Severity = "warning" if rule == "notice-gap" else "error"
                yield Problem(name, language, part, rule, zh, en, severity)


def _missing(name: str, notices: Mapping[str, Any]) -> Iterator[Problem]:
    """What is said in one language is said in both; an own notice has title and body."""
    own = notices[name]
    is_new = name not in TEMPLATES
    brought = {part for texts in own.values() for part in texts}
    for part in PARTS:
        if part not in brought and not (is_new and part != "sms"):
            continue
        for language in LANGUAGES:
            if part not in own.get(language, {}):
                zh = f"缺少{_LANGUAGE[language][0]}的{_PART[part][0]}"
                en = f"the {_PART[part][1]} is missing in {_LANGUAGE[language][1]}"
                yield Problem(name, language, part, "notice-language", zh, en)


def _text(found: Template, language: str, part: str, text: str) -> Iterator[Fault]:
    if len(text) > LONGEST[part]:
        yield (
            "notice-length",
            f"文字超过 {LONGEST[part]} 个字",
            f"the text is longer than {LONGEST[part]} characters",
        )
        return
    if not text.strip():
        yield "notice-empty", "文字为空", "the text is empty"
    if _CONTROL.search(text.replace("\n", "") if part == "body" else text):
        yield (
            "notice-control",
            "文字中有换行或不可见字符",
            "the text has a line break or a sign that cannot be seen",
        )
    if stray_braces(text):
        yield (
            "notice-braces",
            "花括号只用于占位符，例如 {number}",
            "braces are for placeholders only, such as {number}",
        )
    yield from _facts(found, part, text)
    yield from _gaps(found, text)
    if part == "sms" and (count := parts(fill(text, AT_MOST[language]))) > MOST_SMS_PARTS:
        yield (
            "notice-sms-length",
            f"短信最长可达 {count} 条，上限 {MOST_SMS_PARTS} 条",
            f"the SMS can take {count} parts, at most {MOST_SMS_PARTS} are sent",
        )


def _facts(found: Template, part: str, text: str) -> Iterator[Fault]:
    allowed = [name for name in found.placeholders if part != "sms" or name in IN_SMS]
    shown = [f"{{{name}}}" for name in allowed]
    zh_list, en_list = "、".join(shown), ", ".join(shown)
    for name in dict.fromkeys(facts_in(text)):
        if name in allowed:
            continue
        if part == "sms":  # P-7
            yield (
                "notice-sms-patient",
                f"短信不得含 {{{name}}}：短信中不能出现患者信息、病情或步骤名，只可用 {zh_list}",
                f"an SMS must not hold {{{name}}}: no patient data, illness or step; "
                f"there are {en_list}",
            )
        else:
            yield (
                "notice-placeholder",
                f"没有占位符 {{{name}}}，可用：{zh_list}",
                f"there is no placeholder {{{name}}}; there are {en_list}",
            )


def _gaps(found: Template, text: str) -> Iterator[Fault]:
    """Facts that are not always known, where the text has no words for that."""
    for name in dict.fromkeys(bare_facts(text)):
        if name in found.may:
            yield (
                "notice-gap",
                f"{{{name}}} 不一定已知：请把相关的一段放进方括号，未知时整段省略",
                f"{{{name}}} is not always known: put its passage in brackets, to be left out then",
            )


_LANGUAGE = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}
_PART = {"title": ("标题", "title"), "body": ("站内文字", "text"), "sms": ("短信", "SMS")}
