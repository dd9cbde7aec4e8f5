"""The flask commands: each line calls an action."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Install the commands."""
