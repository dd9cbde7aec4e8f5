"""Trying out what a manager writes in tables and notices: nothing is kept and nobody is told."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from app.db import end_reading, now
from app.permissions import Permission, require
from app.processes import queries as processes
from app.studio import notice_words
from app.web import actor, language
from app.web.inputs import Input, Text
from bpmn.dmn.model import Problem
from bpmn.dmn.trial import Step, Trial, try_out

bp = Blueprint("tables", __name__)


class Preview(Input):
    """A notice and the texts that a draft brings for it; their shape is judged with them."""

    template = Text(64, required=True)
    texts = fields.Dict(required=True)


class DecisionTrial(Input):
    """A file of decisions, which of them to evaluate, and what was typed into its fields."""

    xml = fields.String(required=True)
    decision = Text(200, required=True)
    inputs = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


@bp.before_request
def _readers_only() -> None:
    require(actor(), Permission.PROCESS_READ)


@bp.get("/api/studio/<key>/notices")
def notices(key: str) -> ResponseReturnValue:
    """The notices that ship, and what texts may speak of."""
    processes.process(key)
    return notice_words.listed()


@bp.post("/api/studio/<key>/notice-previews")
def preview(key: str) -> ResponseReturnValue:
    """How a notice would read."""
    processes.process(key)
    given = Preview().read(_body())
    return notice_words.preview(given["template"], given["texts"])


@bp.post("/api/studio/<key>/decision-trials")
def decide(key: str) -> ResponseReturnValue:
    """What a decision says to these values, and which of its rules said so."""
    processes.process(key)
    given = DecisionTrial().read(_body())
    end_reading()  # the database is not held while the child works
    here = now().astimezone(ZoneInfo(current_app.config["SETTINGS"].time_zone))
    return _told(try_out(given["xml"], given["decision"], given["inputs"], here))


def _told(trial: Trial) -> dict[str, Any]:
    return {
        "fields": [
            {"name": one.name, "label": one.label, "type": one.type, "choices": list(one.choices)}
            for one in trial.fields
        ],
        "value": trial.value,
        "steps": [_step(one) for one in trial.steps],
        "problems": [_problem(one) for one in trial.problems],
        "faults": {name: _spoken(*texts) for name, texts in trial.faults.items()},
    }


def _step(one: Step) -> dict[str, Any]:
    return {
        "decision": one.decision,
        "name": one.name,
        "inputs": [{"label": label, "value": value} for label, value in one.inputs],
        "rules": list(one.rules),
        "value": one.value,
    }


def _problem(one: Problem) -> dict[str, Any]:
    return {"decision": one.decision, "rule": one.rule, "text": _spoken(one.zh, one.en)}


def _spoken(zh: str, en: str) -> str:
    return en if language() == "en" else zh


def _body() -> dict[str, Any]:
    body = request.get_json()
    return body if isinstance(body, dict) else {}
