"""What the words of diagrams are called in the editors."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app.accounts.words import role_options
from app.permissions import Role
from app.processes.vocabulary import VARIABLES, option_names, vocabulary
from bpmn.bundle import Operation
from notifications.catalogue import PARAMETERS, TEMPLATES, Kind, Template

SIDES = {"inviting": _("邀请方"), "invited": _("受邀方"), "alliance": _("医联体")}
STATUSES = {
    "draft": _("草稿"),
    "pending": _("待分配"),
    "assigned": _("已分配专家"),
    "in_progress": _("进行中"),
    "completed": _("已完成"),
    "cancelled": _("已取消"),
}
OPERATIONS = {
    "assign_experts": _("指定科室和专家"),
    "arrange_session": _("登记会诊时间"),
    "notify": _("发送通知"),
    "refuse": _("登记拒绝"),
    "open_room": _("开放会诊室"),
    "close_room": _("关闭会诊室"),
    "publish_report": _("发布会诊报告"),
    "schedule_follow_up": _("登记随访计划"),
}
RECORDS = {
    "application": _("会诊申请"),
    "review": _("审核结论"),
    "opinion": _("会诊意见"),
    "report": _("会诊报告"),
    "signature": _("签发"),
    "acceptance": _("采纳情况"),
    "follow_up": _("随访"),
}
OPTIONS = {
    "hospitals_invitable": _("可受邀的医院"),
    "inviting_departments": _("邀请方科室"),
    "invited_departments": _("受邀方科室"),
    "invited_experts": _("受邀方专家"),
    "titles": _("专家职称"),
}
AUDIENCES = {
    "applicant": _("申请医生"),
    "coordinator": _("会诊协调员"),
    "experts": _("会诊专家"),
    "all": _("全体参与人"),
    "assignees": _("当前办理人"),
    "inviting_medical_affairs": _("邀请方医务科"),
    "invited_medical_affairs": _("受邀方医务科"),
}
NOTICES = {
    "task-assigned": _("新的待办"),
    "delegated": _("任务转办"),
    "signer-added": _("请求加签"),
    "overdue": _("任务超时"),
    "urged": _("催办"),
    "expert-invited": _("邀请专家"),
    "session-arranged": _("会诊已排期"),
    "session-opened": _("会诊间已开放"),
    "rescheduled": _("会诊改期"),
    "session-missed": _("会诊未能进行"),
    "session-overrun": _("会诊超时未结束"),
    "refused": _("申请未通过"),
    "returned": _("退回补正"),
    "withdrawn": _("申请已撤回"),
    "cancelled": _("会诊已取消"),
    "opinion-ready": _("会诊意见已提交"),
    "report-published": _("会诊报告已发布"),
    "follow-up-due": _("随访到期"),
    "comment-added": _("新留言"),
    "incident": _("流程异常"),
}
_CHOICES = {"template": NOTICES, "audience": AUDIENCES}


def described() -> dict[str, Any]:
    """The vocabulary of diagrams with what its words are called, for the editors."""
    words = vocabulary()
    return {
        "roles": _labelled(words.roles, dict(role_options(Role))),
        "sides": _labelled(words.sides, SIDES),
        "statuses": _labelled(words.statuses, STATUSES),
        "operations": [_operation(words.operations[name]) for name in sorted(words.operations)],
        "records": [
            {"name": name, "label": _label(name, RECORDS), "needs": sorted(needs)}
            for name, needs in sorted(words.records.items())
        ],
        "options": _labelled(option_names(), OPTIONS),
        "notices": [_notice(one) for name, one in TEMPLATES.items() if name in NOTICES],
        "variables": sorted(VARIABLES),
    }


def _operation(one: Operation) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": _label(one.name, OPERATIONS),
        "inputs": sorted(one.inputs),
        "optional": sorted(one.optional),
        "outputs": sorted(one.outputs),
        "choices": {
            name: _labelled(texts, _CHOICES.get(name, {})) for name, texts in one.choices.items()
        },
        "notices": sorted(one.notices),
        "meaning": one.meaning,
    }


def _notice(one: Template) -> dict[str, Any]:
    shown = sorted(name for name in one.needs | one.may if PARAMETERS[name] is not Kind.ID)
    return {"value": one.name, "label": _label(one.name, NOTICES), "placeholders": shown}


def _labelled(values: Iterable[str], labels: Mapping[Any, Any]) -> list[dict[str, str]]:
    """In the order of the labels; what has none is called by its own name and stands last."""
    order = list(labels)
    known = sorted(values, key=lambda one: order.index(one) if one in labels else len(order))
    return [{"value": str(one), "label": _label(one, labels)} for one in known]


def _label(name: str, labels: Mapping[Any, Any]) -> str:
    return str(labels.get(name, name))
