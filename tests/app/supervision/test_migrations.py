"""Cases under way move to another version with a dry run before and a way back (O-3)."""

from collections import Counter

import pytest
from sqlalchemy import select

from app.audit import AuditEntry, Deed, broken_links
from app.consultations.actions import start_consultation
from app.consultations.models import ElementLog, Instance
from app.db import db
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.permissions import Role
from app.processes.actions import publish
from app.supervision import deeds, migrations
from app.supervision.migrations import Plan
from app.supervision.models import MigratedCase, Outcome, Stage
from app.tasks.actions import claim, save_draft
from app.tasks.models import Task
from app.tasks.progress import progress
from tests.app.cases import do, make_people, ready
from tests.app.diagrams import small_bundle
from tests.app.shipped import APPROVAL, ask
from tests.app.supervision.cases import (
    cases_at_many_places,
    publish_changed,
    publish_shipped,
    to_the_end,
    waiting,
)
from tests.makers import make_person

RENAMED = {"review_inviting_affairs": "review_hospital_affairs"}


@pytest.fixture
def li(app):
    return make_person(Role.PROCESS_MANAGER)


def tasks_of(case_ids):
    """What tests compare of the inbox; the counter of writes is no content."""
    rows = db.session.execute(select(Task.__table__).order_by(Task.id)).mappings()
    kept = [{key: value for key, value in row.items() if key != "version"} for row in rows]
    return [row for row in kept if row["consultation_id"] in case_ids]


def stored(case_ids):
    """digest, state, places, messages and wake_at of each case."""
    table = Instance.__table__.c
    wanted = (table.consultation_id, table.digest, table.state, table.wake_at)
    rows = db.session.execute(
        select(*wanted, table.places, table.messages).order_by(table.consultation_id)
    )
    return [tuple(row) for row in rows if row.consultation_id in case_ids]


def apply(li, plan, cases):
    migration = migrations.begin(li, "consultation", plan, cases, "新版上线")
    while migration.state == Stage.APPLYING:
        migration = migrations.go_on(li, migration.id)
    return migration


def take_back(li, migration):
    migrations.revert(li, migration.id)
    while migration.state != Stage.REVERTED:
        migration = migrations.go_on(li, migration.id)
    return migration


def test_of_100_mixed_cases_each_ends_as_the_dry_run_said_and_revert_puts_all_back(app, clock, li):
    people = make_people()
    old = publish_shipped()
    ids = [case.id for case in cases_at_many_places(people, 100, clock)]
    new = publish_changed()
    plan = Plan(old.digest, new.digest, RENAMED, {})
    open_ids = [one.consultation_id for one in migrations.candidates(old.digest)]
    before, inbox = stored(ids), tasks_of(ids)

    verdicts = {
        one.consultation.id: one
        for one in migrations.dry_run(plan, migrations.candidates(old.digest))
    }
    assert stored(ids) == before

    migration = apply(li, plan, ids)

    real = {one.consultation_id: one for one in migration.cases}
    assert sorted(real) == sorted(open_ids) == sorted(verdicts)
    for case_id, verdict in verdicts.items():
        is_moved = real[case_id].state == Outcome.MOVED
        assert is_moved == (verdict.outcome != "blocked")
        assert real[case_id].told == list(verdict.findings)
        assert (db.session.get(Instance, case_id).digest == new.digest) == is_moved
    counted = Counter(verdict.outcome for verdict in verdicts.values())
    assert min(counted[one] for one in ("movable", "default", "blocked")) > 0

    take_back(li, migration)

    assert stored(ids) == before
    assert tasks_of(ids) == inbox
    assert {one.state for one in migration.cases} == {Outcome.REVERTED, Outcome.BLOCKED}


def test_every_moved_case_goes_on_to_its_end(app, clock, li):
    people = make_people()
    old = publish_shipped()
    ids = [case.id for case in cases_at_many_places(people, 26, clock)]
    new = publish_changed()
    renamed = {**RENAMED, "write_report": "compose_report", "director_overdue": "director_late"}

    migration = apply(li, Plan(old.digest, new.digest, renamed, {}), ids)

    assert {one.state for one in migration.cases} == {Outcome.MOVED}
    for one in migration.cases:
        to_the_end(one.consultation_id, people, clock)
    entries = select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.place)
    for case_id in ids:
        chain = entries.where(AuditEntry.chain == f"consultation:{case_id}")
        assert broken_links(db.session.scalars(chain)) == []


def at_own_affairs(people, clock):
    """A case that waits at the step which the new version calls otherwise."""
    case = ask(people.applicant, people.invited)
    do(case, people.director, **APPROVAL)
    return case


def test_the_task_of_a_renamed_step_stays_with_whoever_has_it(app, clock, li):
    people = make_people()
    case = at_own_affairs(people, clock)
    old, new = case.instance.digest, publish_changed().digest
    task = claim(ready(case).id, people.affairs)
    save_draft(task.id, people.affairs, {"decision": "approve"})
    clock.move(hours=1)

    migration = apply(li, Plan(old, new, RENAMED, {}), [case.id])

    task = ready(case)
    assert (task.element_id, task.assignee_id) == ("review_hospital_affairs", people.affairs.id)
    assert task.draft == {"decision": "approve"}
    (place,) = case.instance.places
    assert place["element"] == "review_hospital_affairs"
    assert place["since"] == int(task.created_at.timestamp())
    steps = {one.element_id: one.state for one in progress(case).steps}
    assert steps["review_hospital_affairs"] == "active"
    assert steps["review_inviting_affairs"] == "cancelled"
    entry = db.session.scalars(select(AuditEntry).filter_by(deed=Deed.CASE_MIGRATED)).one()
    assert entry.details == {"migration": migration.id}

    take_back(li, migration)
    assert ready(case).element_id == "review_inviting_affairs"
    kinds = select(ElementLog.kind).filter_by(element_id="review_inviting_affairs")
    assert list(db.session.scalars(kinds)) == ["entered", "cancelled", "entered"]


def test_a_step_that_is_another_roles_now_is_offered_to_them(app, clock, li):
    people = make_people()
    bundle = small_bundle()
    old = publish(None, "consultation", "会诊", bundle)
    case = start_consultation(people.applicant)
    do(case, people.applicant, reason="x")
    claim(ready(case).id, people.director)
    process = bundle.process.replace('value="department_director"', 'value="medical_affairs"')
    new = publish(None, "consultation", "会诊", type(bundle)(process, bundle.forms))

    migration = apply(li, Plan(old.digest, new.digest, {}, {}), [case.id])

    assert [one.rule for one in migration.cases[0].told] == ["people-changed"]
    task = ready(case)
    assert (task.role, task.assignee_id, task.claimed_at) == ("medical_affairs", None, None)
    assert task.is_open_to(people.affairs)
    take_back(li, migration)
    assert ready(case).assignee_id == people.director.id


def test_a_draft_that_lacks_what_the_new_form_requires_is_said(app, clock, li):
    people = make_people()
    old = publish_shipped()
    (case,) = [one for one in cases_at_many_places(people, 4, clock) if _at(one, "invited")][:1]
    new = publish_changed()
    save_draft(ready(case).id, people.invited_affairs, {"decision": "approve"})

    (verdict,) = [
        one
        for one in migrations.dry_run(
            Plan(old.digest, new.digest, RENAMED, {}), migrations.candidates(old.digest)
        )
        if one.consultation.id == case.id
    ]

    assert verdict.outcome == "default"
    assert [one.rule for one in verdict.findings] == ["form-changed", "draft-lacks"]
    assert "会诊地点" in verdict.findings[1].zh


def _at(case, name):
    return any(name in task.element_id for task in waiting(case.id))


def test_a_case_that_went_on_since_is_not_taken_back_and_says_why(app, clock, li):
    people = make_people()
    case = at_own_affairs(people, clock)
    other = ask(people.applicant, people.invited)
    old = case.instance.digest
    new = publish_changed().digest
    migration = apply(li, Plan(old, new, RENAMED, {}), [case.id, other.id])
    do(case, people.affairs, **APPROVAL)

    migration = take_back(li, migration)

    states = {one.consultation_id: one for one in migration.cases}
    assert states[case.id].state == Outcome.KEPT
    assert states[case.id].told[0].rule == "moved-since"
    assert states[other.id].state == Outcome.REVERTED
    assert case.instance.digest == new


def test_a_case_that_changed_after_the_choice_is_judged_anew(app, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)
    old, new = case.instance.digest, publish_changed().digest
    migration = migrations.begin(li, "consultation", Plan(old, new, {}, {}), [case.id], "x")
    deeds.end(case.id, li, "撤销")

    migration = migrations.go_on(li, migration.id)

    assert [one.state for one in migration.cases] == [Outcome.BLOCKED]
    assert migration.cases[0].told[0].rule == "gone-on"


def test_a_suspended_case_moves_and_stays_suspended(app, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)
    old, new = case.instance.digest, publish_changed().digest
    deeds.suspend(case.id, li, "核实")

    apply(li, Plan(old, new, {"director_overdue": "director_late"}, {}), [case.id])

    instance = db.session.get(Instance, case.id)
    assert (instance.digest, instance.wake_at) == (new, None)
    assert instance.suspended_at is not None


def test_what_cannot_be_begun_leaves_nothing(app, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)
    old, new = case.instance.digest, publish_changed().digest
    good = Plan(old, new, {}, {})

    for plan, cases, reason, field in (
        (good, [case.id], " ", "reason"),
        (good, [], "x", "cases"),
        (Plan(old, old, {}, {}), [case.id], "x", "to"),
        (Plan(old, new, {"schedule": "end"}, {}), [case.id], "x", "map.schedule"),
    ):
        with pytest.raises(Invalid) as refused:
            migrations.begin(li, "consultation", plan, cases, reason)
        assert field in refused.value.errors
    with pytest.raises(NotFound):
        migrations.begin(li, "consultation", Plan(old, "f" * 64, {}, {}), [case.id], "x")
    with pytest.raises(Forbidden):
        migrations.begin(people.coordinator, "consultation", good, [case.id], "x")
    assert db.session.query(MigratedCase).count() == 0
    migration = migrations.begin(li, "consultation", good, [case.id], "x")
    with pytest.raises(Conflict):
        migrations.revert(li, migration.id)
