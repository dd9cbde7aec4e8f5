"""Compares the tables of the revisions with the models: `python -m tests.migrations`."""

import sys
import tempfile
from pathlib import Path

import flask_migrate

from app import create_app
from app.config import Mode, Settings


def main() -> None:
    """Upgrade an empty SQLite database and compare; exits 1 with the difference."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings(
                mode=Mode.TESTING,
                secret_key="-",
                data_key=bytes(32),
                public_url="http://localhost",
                database=f"sqlite:///{folder}/migrated.sqlite3",
                folder=Path(folder),
            )
        )
        with app.app_context():
            flask_migrate.upgrade()
            flask_migrate.check()


if __name__ == "__main__":
    sys.exit(main())
