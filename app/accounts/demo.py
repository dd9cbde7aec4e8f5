"""Demo mode only: a bar of people, one click signs in as any of them."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.accounts import sign_in
from app.accounts.models import Person
from app.audit import Deed, record
from app.db import db, transactional
from app.errors import NotFound
from app.web import is_database_away, public, someone_is_signed_in

# In the order in which they take part in a consultation.
BAR = {
    "liwen": _("申请医生"),
    "chen.zhuren": _("科室主任"),
    "zhao.yiwu": _("本院医务科"),
    "qian.yiwu": _("协作方医务科"),
    "sun.fenzhen": _("分诊协调"),
    "zhou.zhuanjia": _("专家甲"),
    "wu.zhuanjia": _("专家乙"),
    "zheng.suifang": _("随访人员"),
    "feng.guanli": _("医院管理员"),
    "wei.liucheng": _("流程管理员"),
    "tao.liucheng": _("流程管理员"),
    "jiang.pingtai": _("平台管理员"),
    "shen.shenji": _("审计员"),
}

bp = Blueprint("demo", __name__)


@dataclass(frozen=True)
class DemoPerson:
    """One button of the bar."""

    name: str
    role: Any
    hospital: str
    url: str
    active: bool


def init_app(app: Flask) -> None:
    """Add the bar and its route. Never called outside demo mode."""
    app.register_blueprint(bp)
    app.context_processor(lambda: {"demo_people": demo_people()})


def demo_people() -> list[DemoPerson]:
    """The people of the bar who exist, in flow order."""
    if is_database_away():
        return []
    found = db.session.scalars(select(Person).where(Person.login.in_(BAR)))
    by_login = {person.login: person for person in found}
    here = current_user.login if someone_is_signed_in() else None
    return [
        _button(by_login[login], role, login == here)
        for login, role in BAR.items()
        if login in by_login
    ]


def _button(person: Person, role: Any, active: bool) -> DemoPerson:
    hospital = person.hospital.name if person.hospital else ""
    url = url_for("demo.switch", login=person.login)
    return DemoPerson(person.name, role, hospital, url, active)


@bp.post("/demo/switch/<login>")
@public
def switch(login: str) -> ResponseReturnValue:
    """Sign in as a demo person, without a password."""
    _switch(login)
    return redirect(url_for("web.home"))


@transactional
def _switch(login: str) -> None:
    person = db.session.scalar(select(Person).where(Person.login == login))
    if person is None or login not in BAR:
        raise NotFound
    record(person, Deed.SIGNED_IN, person, by="demo bar")
    sign_in.begin(person)
