"""A notice keeps the process version whose texts it was told in

Adds one empty column; locks nothing for long.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('notices', sa.Column('digest', sa.String(length=64), nullable=True))


def downgrade() -> None:
    # Their words are nowhere else.
    op.execute('DELETE FROM notices WHERE digest IS NOT NULL')
    with op.batch_alter_table('notices') as notices:
        notices.drop_column('digest')
