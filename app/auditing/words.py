"""What deeds and subjects are called on the auditors' page."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app.audit import Deed

DEEDS: dict[str, Any] = {
    Deed.SIGNED_IN: _("登录"),
    Deed.SIGN_IN_FAILED: _("登录失败"),
    Deed.SIGNED_OUT: _("退出"),
    Deed.LOCKED_OUT: _("账号被锁定"),
    Deed.SESSIONS_ENDED: _("结束全部登录"),
    Deed.REGISTERED: _("注册"),
    Deed.PASSWORD_CHANGED: _("修改密码"),
    Deed.PROFILE_PROPOSED: _("提交资料审核"),
    Deed.PROFILE_APPROVED: _("通过资料审核"),
    Deed.PROFILE_REFUSED: _("退回资料"),
    Deed.ROLE_GRANTED: _("授予角色"),
    Deed.ROLE_REVOKED: _("收回角色"),
    Deed.PERSON_SUSPENDED: _("停用账号"),
    Deed.PERSON_REACTIVATED: _("恢复账号"),
    Deed.PERSON_CHANGED: _("修改联系方式"),
    Deed.ALLIANCE_ADDED: _("添加医联体"),
    Deed.ALLIANCE_CHANGED: _("修改医联体"),
    Deed.ALLIANCE_DELETED: _("删除医联体"),
    Deed.HOSPITAL_ADDED: _("添加医院"),
    Deed.HOSPITAL_CHANGED: _("修改医院"),
    Deed.HOSPITAL_DELETED: _("删除医院"),
    Deed.CAMPUS_ADDED: _("添加院区"),
    Deed.CAMPUS_CHANGED: _("修改院区"),
    Deed.CAMPUS_DELETED: _("删除院区"),
    Deed.DEPARTMENT_ADDED: _("添加科室"),
    Deed.DEPARTMENT_CHANGED: _("修改科室"),
    Deed.DEPARTMENT_DELETED: _("删除科室"),
    Deed.PROCESS_ADDED: _("新建流程"),
    Deed.PROCESS_CHANGED: _("修改流程设置"),
    Deed.PROCESS_PROPOSED: _("提出流程修改"),
    Deed.PROCESS_REFUSED: _("退回流程修改"),
    Deed.PROCESS_WITHDRAWN: _("撤回流程修改"),
    Deed.PROCESS_PUBLISHED: _("发布流程"),
    Deed.PROCESS_SIGNED: _("补签流程版本"),
    Deed.PROCESS_TAMPERED: _("流程版本与签名不符"),
    Deed.HISTORY_REPLAYED: _("以历史会诊推演流程"),
    Deed.CONSULTATION_STARTED: _("发起会诊"),
    Deed.CONSULTATION_READ: _("查看会诊"),
    Deed.CONSULTATION_COMMENTED: _("留言"),
    Deed.CONSULTATION_WITHDRAWN: _("撤回申请"),
    Deed.CONSULTATION_CANCELLED: _("取消会诊"),
    Deed.CONSULTATION_RESCHEDULED: _("要求改期"),
    Deed.CONSULTATION_URGED: _("催办"),
    Deed.CONSULTATION_REFUSED: _("拒绝申请"),
    Deed.EXPERTS_ASSIGNED: _("指定科室和专家"),
    Deed.SESSION_ARRANGED: _("安排会诊时间"),
    Deed.FOLLOW_UP_PLANNED: _("安排随访"),
    Deed.STATUS_CHANGED: _("状态变化"),
    Deed.TIMER_FIRED: _("定时器触发"),
    Deed.CONSENT_GIVEN: _("登记知情同意"),
    Deed.TASK_CLAIMED: _("认领任务"),
    Deed.TASK_RELEASED: _("退回任务池"),
    Deed.TASK_COMPLETED: _("完成任务"),
    Deed.TASK_DELEGATED: _("转办"),
    Deed.SIGNER_ADDED: _("请同事加签"),
    Deed.SIGNER_ANSWERED: _("答复加签"),
    Deed.RECORD_ADDED: _("上传病历资料"),
    Deed.RECORD_READ: _("查看病历资料"),
    Deed.RECORD_REMOVED: _("移除病历资料"),
    Deed.ROOM_OPENED: _("会诊室开放"),
    Deed.ROOM_CLOSED: _("会诊室关闭"),
    Deed.ROOM_JOINED: _("进入会诊室"),
    Deed.ROOM_LEFT: _("离开会诊室"),
    Deed.OPINION_SUBMITTED: _("提交会诊意见"),
    Deed.REPORT_WRITTEN: _("书写会诊报告"),
    Deed.REPORT_SIGNED: _("签署会诊报告"),
    Deed.REPORT_PUBLISHED: _("发布会诊报告"),
    Deed.REPORT_READ: _("查看会诊报告"),
    Deed.AUDIT_READ: _("查看操作日志"),
}
SUBJECTS: dict[str, Any] = {
    "alliance": _("医联体"),
    "hospital": _("医院"),
    "campus": _("院区"),
    "department": _("科室"),
    "person": _("账号"),
    "process": _("流程"),
    "consultation": _("会诊"),
    "room": _("会诊室"),
    "sign-in": _("登录页"),
    "audit": _("操作日志"),
}


def subject_title(subject: str, names: Mapping[str, str]) -> str:
    """会诊 HZ-…, 人员 李文, 医院 3."""
    kind, _colon, key = subject.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {names.get(subject, key)}".strip()
