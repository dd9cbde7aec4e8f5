"""Working on a draft: one manager at a time, never over what another one saved."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import Person
from app.db import db, end_reading, get_or_404, now, transactional
from app.errors import Conflict, NotFound
from app.permissions import Actor, Permission, require
from app.processes import queries as processes
from app.processes.actions import invalid, judge
from app.processes.models import Process
from app.studio import content, packs, queries
from app.studio.content import Content
from app.studio.models import Draft, Remark
from app.studio.uploads import File
from bpmn.bundle import Finding, Refused

LEASE = timedelta(minutes=2)


@transactional
def open_draft(key: str, actor: Actor) -> Draft:
    """The draft of a process, begun from the version in force if there is none.

    Raises NotFound, Forbidden.
    """
    require(actor, Permission.PROCESS_DRAFT)
    process = locked_process(key)
    found = queries.draft(process)
    if found is None:
        in_force = process.in_force
        found = Draft(
            process=process,
            base_digest=in_force.digest if in_force else None,
            content=queries.published(process).json(),
            edited_by=get_or_404(Person, actor.actor_id),
            edited_at=now(),
        )
        db.session.add(found)
    return found


@transactional
def save(key: str, actor: Actor, revision: int, part: Mapping[str, Any]) -> Draft:
    """Replace members of the draft's content and keep hold of it.

    revision: the one that was changed. Raises Conflict if the draft moved on since or somebody
    else holds it, Invalid and TooLarge for what is no content.
    """
    draft = open_draft(key, actor)
    if draft.is_held_against(actor, now()) or draft.revision != revision:
        raise Conflict
    _change(draft, actor, content.read(draft.content).with_part(part))
    _hold(draft, actor)
    return draft


@transactional
def begin_again(key: str, actor: Actor, digest: str) -> Draft:
    """Replace the draft by what a version of the process holds. Raises NotFound, Conflict."""
    require(actor, Permission.PROCESS_DRAFT)
    version = processes.version(key, digest)
    begun = content.of_bundle(version.bundle(), version.publication.scenarios)
    return _write(key, actor, begun, open_draft(key, actor).revision)


def take_files(key: str, actor: Actor, files: Sequence[File]) -> Draft:
    """Bring a pack, or files beside those it has, into the draft.

    Raises Conflict if somebody else holds it, Invalid with all findings, TooLarge.
    """
    draft = open_draft(key, actor)
    try:
        given = packs.read(files, content.read(draft.content))
    except Refused as refused:
        raise invalid(refused.findings) from refused
    return _write(key, actor, given, draft.revision)


@transactional
def _write(key: str, actor: Actor, given: Content, revision: int) -> Draft:
    draft = open_draft(key, actor)
    if draft.is_held_against(actor, now()):
        raise Conflict(_("草稿正由%(name)s编辑", name=draft.held_by and draft.held_by.name))
    if draft.revision != revision:
        raise Conflict
    _change(draft, actor, given)
    return draft


@transactional
def hold(key: str, actor: Actor) -> Draft:
    """Take or renew the lease of a draft, unless somebody else holds it."""
    draft = open_draft(key, actor)
    if not draft.is_held_against(actor, now()):
        _hold(draft, actor)
    return draft


@transactional
def let_go(key: str, actor: Actor) -> Draft:
    """End the own lease; another's stays."""
    draft = open_draft(key, actor)
    if draft.held_by_id == actor.actor_id:
        draft.held_by, draft.held_until = None, None
    return draft


def check(key: str, actor: Actor, given: Mapping[str, Any]) -> list[Finding]:
    """What publishing would say to a content, warnings too. Raises Invalid if it is none."""
    require(actor, Permission.PROCESS_READ)
    processes.process(key)
    read = content.read(given)
    end_reading()
    return judge(read.bundle())


@transactional
def remark(key: str, actor: Actor, element_id: str, text: str) -> Remark:
    """Say something about an element, for those who work on the process."""
    require(actor, Permission.PROCESS_DRAFT)
    said = Remark(
        process_id=processes.process(key).id,
        element_id=element_id,
        text=text,
        author=get_or_404(Person, actor.actor_id),
        at=now(),
    )
    db.session.add(said)
    db.session.flush()
    return said


@transactional
def resolve(key: str, actor: Actor, remark_id: int) -> Remark:
    """Mark a remark as dealt with. Raises NotFound, Conflict if it is already."""
    require(actor, Permission.PROCESS_DRAFT)
    found = get_or_404(Remark, remark_id)
    if found.process_id != processes.process(key).id:
        raise NotFound
    if found.resolved_at is not None:
        raise Conflict(_("这条备注已经处理过了"))
    found.resolved_by, found.resolved_at = get_or_404(Person, actor.actor_id), now()
    return found


def _change(draft: Draft, actor: Actor, to: Content) -> None:
    draft.content = to.json()
    draft.revision += 1
    draft.edited_by, draft.edited_at = get_or_404(Person, actor.actor_id), now()


def _hold(draft: Draft, actor: Actor) -> None:
    draft.held_by = get_or_404(Person, actor.actor_id)
    draft.held_until = now() + LEASE


def locked_process(key: str) -> Process:
    """The process, kept from others until the transaction ends: its draft has one writer."""
    process = processes.process(key)
    db.session.execute(select(Process.id).where(Process.id == process.id).with_for_update())
    return process
