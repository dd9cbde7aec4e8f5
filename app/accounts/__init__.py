"""People: registration and its review, roles, sign-in (S0-5…7, S3-23)."""

from flask import Flask

from app.accounts import sign_in


def init_app(app: Flask) -> None:
    """Install sign-in and the pages about people."""
    sign_in.init_app(app)
