"""A content may be put in force more than once; drafts, remarks and proposals of managers

Versions of before become publications without a signature: `flask sign-versions` signs them.
Rebuilds process_versions on SQLite.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table('processes') as processes:
        processes.add_column(
            sa.Column('description', sa.String(length=200), nullable=False, server_default='')
        )
        processes.add_column(
            sa.Column('is_open', sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table('processes') as processes:
        processes.alter_column('description', server_default=None)
        processes.alter_column('is_open', server_default=None)
    op.create_table(
        'publications',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('scenarios', sa.JSON(), nullable=False),
        sa.Column('proposed_by_id', sa.Integer(), nullable=True),
        sa.Column('published_at', MOMENT, nullable=False),
        sa.Column('published_by_id', sa.Integer(), nullable=True),
        sa.Column('signature', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['process_id'], ['processes.id'], name=op.f('fk_publications_process_id')),
        sa.ForeignKeyConstraint(['digest'], ['process_versions.digest'], name=op.f('fk_publications_digest')),
        sa.ForeignKeyConstraint(['proposed_by_id'], ['people.id'], name=op.f('fk_publications_proposed_by_id')),
        sa.ForeignKeyConstraint(['published_by_id'], ['people.id'], name=op.f('fk_publications_published_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_publications')),
        sa.UniqueConstraint('process_id', 'number', name=op.f('uq_publications_process_id_number')),
    )
    op.create_index(op.f('ix_publications_digest'), 'publications', ['digest'])
    op.execute(
        "INSERT INTO publications (process_id, number, digest, note, scenarios, published_at,"
        " published_by_id, signature) SELECT process_id, number, digest, note, '[]',"
        " published_at, published_by_id, '{}' FROM process_versions ORDER BY process_id, number"
    )
    with op.batch_alter_table('process_versions') as versions:
        versions.add_column(sa.Column('notices', sa.JSON(), nullable=False, server_default='{}'))
        versions.drop_constraint('uq_process_versions_process_id_number', type_='unique')
        versions.drop_constraint('fk_process_versions_published_by_id', type_='foreignkey')
        for column in ('number', 'published_at', 'published_by_id', 'note'):
            versions.drop_column(column)
    with op.batch_alter_table('process_versions') as versions:
        versions.alter_column('notices', server_default=None)
    op.create_table(
        'drafts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('base_digest', sa.String(length=64), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('edited_by_id', sa.Integer(), nullable=False),
        sa.Column('edited_at', MOMENT, nullable=False),
        sa.Column('held_by_id', sa.Integer(), nullable=True),
        sa.Column('held_until', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['process_id'], ['processes.id'], name=op.f('fk_drafts_process_id')),
        sa.ForeignKeyConstraint(['base_digest'], ['process_versions.digest'], name=op.f('fk_drafts_base_digest')),
        sa.ForeignKeyConstraint(['edited_by_id'], ['people.id'], name=op.f('fk_drafts_edited_by_id')),
        sa.ForeignKeyConstraint(['held_by_id'], ['people.id'], name=op.f('fk_drafts_held_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
        sa.UniqueConstraint('process_id', name=op.f('uq_drafts_process_id')),
    )
    op.create_table(
        'remarks',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('element_id', sa.String(length=100), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('resolved_by_id', sa.Integer(), nullable=True),
        sa.Column('resolved_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['process_id'], ['processes.id'], name=op.f('fk_remarks_process_id')),
        sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_remarks_author_id')),
        sa.ForeignKeyConstraint(['resolved_by_id'], ['people.id'], name=op.f('fk_remarks_resolved_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_remarks')),
    )
    op.create_index(op.f('ix_remarks_process_id'), 'remarks', ['process_id'])
    op.create_table(
        'proposals',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('base_digest', sa.String(length=64), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('proposed_by_id', sa.Integer(), nullable=False),
        sa.Column('proposed_at', MOMENT, nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', MOMENT, nullable=True),
        sa.Column('refusal', sa.Text(), nullable=False),
        sa.Column('findings', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['process_id'], ['processes.id'], name=op.f('fk_proposals_process_id')),
        sa.ForeignKeyConstraint(['base_digest'], ['process_versions.digest'], name=op.f('fk_proposals_base_digest')),
        sa.ForeignKeyConstraint(['proposed_by_id'], ['people.id'], name=op.f('fk_proposals_proposed_by_id')),
        sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_proposals_decided_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals')),
    )
    op.create_index(op.f('ix_proposals_process_id'), 'proposals', ['process_id'])
    op.create_index(op.f('ix_proposals_state'), 'proposals', ['state'])


def downgrade() -> None:
    for table in ('proposals', 'remarks', 'drafts'):
        op.drop_table(table)
    with op.batch_alter_table('process_versions') as versions:
        versions.drop_column('notices')
        versions.add_column(sa.Column('number', sa.Integer()))
        versions.add_column(sa.Column('published_at', MOMENT))
        versions.add_column(sa.Column('published_by_id', sa.Integer()))
        versions.add_column(sa.Column('note', sa.Text()))
    # A content published more than once keeps its latest number only.
    for column in ('number', 'published_at', 'published_by_id', 'note'):
        op.execute(
            f'UPDATE process_versions SET {column} = (SELECT {column} FROM publications'
            ' WHERE publications.digest = process_versions.digest ORDER BY number DESC LIMIT 1)'
        )
    with op.batch_alter_table('process_versions') as versions:
        versions.alter_column('number', nullable=False)
        versions.alter_column('published_at', nullable=False)
        versions.alter_column('note', nullable=False)
        versions.create_unique_constraint(
            'uq_process_versions_process_id_number', ['process_id', 'number']
        )
        versions.create_foreign_key(
            'fk_process_versions_published_by_id', 'people', ['published_by_id'], ['id']
        )
    op.drop_table('publications')
    with op.batch_alter_table('processes') as processes:
        processes.drop_column('is_open')
        processes.drop_column('description')
