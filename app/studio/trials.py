"""Trial cases: a script is played against a draft in a child process, and nothing comes of it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app.consultations.models import TRANSITIONS
from app.db import end_reading
from app.errors import Invalid
from app.permissions import Actor, Permission, require
from app.processes import queries as processes
from app.processes.actions import beside_diagram
from app.processes.vocabulary import sample_options, vocabulary
from app.studio import content, schemas
from app.studio.content import Content
from app.tasks.answers import REMEMBERED
from app.web import language
from bpmn.bundle import Finding
from bpmn.child import SECONDS, TooMuch, ask
from bpmn.isolation import TOO_MUCH, message

# What the product gives each case, with an applicant who is nobody.
VARIABLES = {"applicant": "sample-0", "consultation": 0}

JSON = dict[str, Any]


def play(key: str, actor: Actor, given: Mapping[str, Any], scenario: Mapping[str, Any]) -> JSON:
    """Where a scenario leads in a content that need not be published.

    Raises NotFound, Forbidden, and Invalid: with the fields of its last step that a form refuses,
    or with the findings for which the content cannot be played.
    """
    require(actor, Permission.PROCESS_READ)
    processes.process(key)
    read = content.read(given)
    end_reading()
    trial: JSON = asked(read, {"scenario": scenario})["trial"]
    problem = trial["problem"]
    is_last = problem and problem["step"] == len(scenario["steps"]) - 1
    if is_last and problem["kind"] == "answers":
        raise Invalid(problem["errors"])
    return trial


def asked(draft: Content, question: JSON, seconds: float = SECONDS) -> JSON:
    """What a child that plays scenarios says. Raises Invalid if there is nothing to be played."""
    return ask_child("forms.trials", draft, {**_given(), **question}, seconds)


def ask_child(module: str, draft: Content, question: JSON, seconds: float) -> JSON:
    """What a child that reads a draft says of it. Raises Invalid if it cannot be played."""
    bundle = draft.bundle()
    faults = beside_diagram(bundle)
    if any(one.severity == "error" for one in faults):
        raise _unplayable(faults)
    try:
        said: JSON = ask(module, {**message(bundle, vocabulary()), **question}, seconds)
    except TooMuch:
        raise _unplayable([TOO_MUCH]) from None
    if "findings" in said:
        raise _unplayable([Finding(**one) for one in said["findings"]])
    if "bad" in said:
        raise Invalid({"scenario": said["bad"]})
    return said


def _given() -> JSON:
    """What the product does and gives around the engine."""
    return {
        "language": language(),
        "transitions": {str(one): sorted(to) for one, to in TRANSITIONS.items()},
        "remembered": REMEMBERED,
        "options": sample_options(),
        "variables": VARIABLES,
    }


def _unplayable(findings: list[Finding]) -> Invalid:
    serious = [schemas.finding(one) for one in findings if one.severity == "error"]
    return Invalid(message=_("草稿中还有错误，改正后才能试运行"), findings=serious)
