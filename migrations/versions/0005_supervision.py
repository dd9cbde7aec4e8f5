"""Where the tokens of a case stand is a column; incidents, interventions, migrations of cases

Fills the column from the log of elements, for cases under way; their rows are locked meanwhile.

Revision ID: 0005
Revises: 0004
"""

import json

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
RUNNING = sa.text('NOT is_finished')


def upgrade() -> None:
    with op.batch_alter_table('instances') as instances:
        instances.add_column(sa.Column('places', sa.JSON(), nullable=False, server_default='[]'))
        instances.add_column(sa.Column('suspended_at', MOMENT, nullable=True))
    _fill()
    with op.batch_alter_table('instances') as instances:
        instances.alter_column('places', server_default=None)
    op.create_index(
        'ix_instances_running', 'instances', ['digest'], sqlite_where=RUNNING, postgresql_where=RUNNING
    )
    op.create_table(
        'incidents',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('consultation_id', sa.Integer(), nullable=False),
        sa.Column('element_id', sa.String(length=100), nullable=False),
        sa.Column('element_name', sa.String(length=200), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('reason_en', sa.Text(), nullable=False),
        sa.Column('engine_task_id', sa.String(length=64), nullable=True),
        sa.Column('task_id', sa.Integer(), nullable=True),
        sa.Column('person_id', sa.Integer(), nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('last_at', MOMENT, nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('resolved_at', MOMENT, nullable=True),
        sa.Column('resolved_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_incidents_consultation_id')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_incidents_person_id')),
        sa.ForeignKeyConstraint(['resolved_by_id'], ['people.id'], name=op.f('fk_incidents_resolved_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_incidents')),
    )
    op.create_index(op.f('ix_incidents_consultation_id'), 'incidents', ['consultation_id'])
    op.create_index(op.f('ix_incidents_resolved_at'), 'incidents', ['resolved_at'])
    op.create_table(
        'interventions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('consultation_id', sa.Integer(), nullable=False),
        sa.Column('deed', sa.String(length=40), nullable=False),
        sa.Column('element_id', sa.String(length=100), nullable=True),
        sa.Column('reason', sa.LargeBinary(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_interventions_consultation_id')),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_interventions_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_interventions')),
    )
    op.create_index(op.f('ix_interventions_consultation_id'), 'interventions', ['consultation_id'])
    op.create_table(
        'case_migrations',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('source', sa.String(length=64), nullable=False),
        sa.Column('target', sa.String(length=64), nullable=False),
        sa.Column('mapping', sa.JSON(), nullable=False),
        sa.Column('variables', sa.JSON(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('made_by_id', sa.Integer(), nullable=False),
        sa.Column('made_at', MOMENT, nullable=False),
        sa.Column('reverted_by_id', sa.Integer(), nullable=True),
        sa.Column('reverted_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['process_id'], ['processes.id'], name=op.f('fk_case_migrations_process_id')),
        sa.ForeignKeyConstraint(['source'], ['process_versions.digest'], name=op.f('fk_case_migrations_source')),
        sa.ForeignKeyConstraint(['target'], ['process_versions.digest'], name=op.f('fk_case_migrations_target')),
        sa.ForeignKeyConstraint(['made_by_id'], ['people.id'], name=op.f('fk_case_migrations_made_by_id')),
        sa.ForeignKeyConstraint(['reverted_by_id'], ['people.id'], name=op.f('fk_case_migrations_reverted_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_migrations')),
    )
    op.create_index(op.f('ix_case_migrations_process_id'), 'case_migrations', ['process_id'])
    op.create_table(
        'migrated_cases',
        sa.Column('migration_id', sa.Integer(), nullable=False),
        sa.Column('consultation_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('findings', sa.JSON(), nullable=False),
        sa.Column('state_before', sa.Text(), nullable=True),
        sa.Column('before', sa.JSON(), nullable=True),
        sa.Column('state_after', sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(['migration_id'], ['case_migrations.id'], name=op.f('fk_migrated_cases_migration_id')),
        sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_migrated_cases_consultation_id')),
        sa.PrimaryKeyConstraint('migration_id', 'consultation_id', name=op.f('pk_migrated_cases')),
    )
    op.create_index(op.f('ix_migrated_cases_consultation_id'), 'migrated_cases', ['consultation_id'])


def _fill() -> None:
    """The tokens as the log of elements knows them: entered, and not left since."""
    bind = op.get_bind()
    left = (
        "SELECT 1 FROM element_log AS later WHERE later.consultation_id = log.consultation_id"
        " AND later.engine_task_id = log.engine_task_id AND later.kind <> 'entered'"
    )
    statement = sa.text(
        "SELECT log.consultation_id, log.engine_task_id, log.element_id, log.at, tasks.due_at"
        " FROM element_log AS log JOIN instances"
        " ON instances.consultation_id = log.consultation_id AND NOT instances.is_finished"
        " LEFT JOIN tasks ON tasks.consultation_id = log.consultation_id"
        " AND tasks.engine_id = log.engine_task_id"
        f" WHERE log.kind = 'entered' AND NOT EXISTS ({left}) ORDER BY log.id"
    ).columns(at=MOMENT, due_at=MOMENT)
    places: dict[int, list[dict[str, object]]] = {}
    for case, task, element, at, due in bind.execute(statement):
        one = {'task': task, 'element': element, 'since': int(at.timestamp())}
        places.setdefault(case, []).append({**one, 'due': due and int(due.timestamp())})
    for case, found in places.items():
        bind.execute(
            sa.text('UPDATE instances SET places = :places WHERE consultation_id = :case'),
            {'places': json.dumps(found), 'case': case},
        )


def downgrade() -> None:
    for table in ('migrated_cases', 'case_migrations', 'interventions', 'incidents'):
        op.drop_table(table)
    op.drop_index('ix_instances_running', 'instances')
    with op.batch_alter_table('instances') as instances:
        instances.drop_column('suspended_at')
        instances.drop_column('places')
