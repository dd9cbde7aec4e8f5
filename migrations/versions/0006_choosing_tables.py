"""Which process a new case follows may be decided by a table

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'choosing_tables',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('xml', sa.Text(), nullable=False),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('set_by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['set_by_id'], ['people.id'], name=op.f('fk_choosing_tables_set_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_choosing_tables')),
    )


def downgrade() -> None:
    op.drop_table('choosing_tables')
