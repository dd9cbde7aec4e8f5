"""Managers add roles of their own; a case knows which of them had work in it

Adds a table and one column with a constant default; locks nothing for long.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'custom_roles',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=32), nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('name_en', sa.String(length=60), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_by_id', sa.Integer(), nullable=False),
        sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['created_by_id'], ['people.id'], name=op.f('fk_custom_roles_created_by_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_roles')),
        sa.UniqueConstraint('key', name=op.f('uq_custom_roles_key')),
        sa.UniqueConstraint('name', name=op.f('uq_custom_roles_name')),
    )
    op.add_column(
        'consultations', sa.Column('involved', sa.Text(), nullable=False, server_default='')
    )


def downgrade() -> None:
    # Who held such a role holds nothing that the older product knows.
    op.execute('DELETE FROM role_assignments WHERE role IN (SELECT key FROM custom_roles)')
    op.drop_table('custom_roles')
    with op.batch_alter_table('consultations') as consultations:
        consultations.drop_column('involved')
