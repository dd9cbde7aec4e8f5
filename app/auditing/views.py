"""The auditors' page and its export. Shows ids and codes as they were recorded, never a patient."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit import AuditEntry
from app.auditing import actions, queries
from app.auditing.queries import Wanted
from app.auditing.words import subject_title
from app.db import now
from app.deeds import DEEDS
from app.web import actor

bp = Blueprint("auditing", __name__)
BOM = "\ufeff"  # or Excel takes the Chinese for something else


@bp.get("/audit")
def index() -> ResponseReturnValue:
    wanted = Wanted.read(request.args)
    page = actions.search(actor(), wanted, request.args.get("page", 1, type=int))
    return render_template(
        "auditing/index.html",
        page=page,
        wanted=wanted,
        asked=_asked(wanted),
        chains=queries.chains(wanted),
        names=queries.names_of(page.items),
        deeds=DEEDS,
        subject_title=subject_title,
        details_of=_details,
        url_of=lambda number: url_for(".index", **_asked(wanted), page=number),
    )


@bp.get("/audit.csv")
def export() -> ResponseReturnValue:
    """The same deeds as a table, times in the installation's zone."""
    entries = actions.export(actor(), Wanted.read(request.args))
    out = io.StringIO()
    out.write(BOM)
    csv.writer(out).writerows([_head(), *_rows(entries)])
    answer = Response(out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"audit-{now():%Y%m%d-%H%M%S}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _details(entry: AuditEntry) -> Iterator[tuple[str, str]]:
    """What was noted, one line each; what an auditor searched for is noted as a group."""
    for key, value in entry.details.items():
        parts = value.items() if isinstance(value, dict) else [(key, value)]
        for name, part in parts:
            yield name, ", ".join(map(str, part)) if isinstance(part, list) else str(part)


def _asked(wanted: Wanted) -> dict[str, Any]:
    """The search as an address says it."""
    return {name: str(value) for name, value in asdict(wanted).items() if value}


def _head() -> list[str]:
    people = [_("人员编号"), _("姓名")]
    chain = [_("链"), _("序号"), _("哈希")]
    return [_("时间"), *people, _("操作"), _("操作代码"), _("对象"), _("来源"), _("内容"), *chain]


def _rows(entries: Sequence[AuditEntry]) -> Iterator[list[object]]:
    names = queries.names_of(entries)
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    for entry in entries:
        yield [
            entry.at.astimezone(zone).isoformat(timespec="milliseconds"),
            entry.actor_id,
            _harmless(names.get(f"person:{entry.actor_id}", "")),
            DEEDS.get(entry.deed, entry.deed),
            entry.deed,
            _harmless(subject_title(entry.subject, names)),
            entry.address,
            json.dumps(entry.details, ensure_ascii=False, sort_keys=True),
            entry.chain,
            entry.place,
            entry.hash,
        ]


def _harmless(text: str) -> str:
    """A spreadsheet runs what begins like a formula; names are what people typed."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
