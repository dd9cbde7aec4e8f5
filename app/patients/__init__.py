"""Patients: identity, consent and what may be shown of them."""

from flask import Flask

from app.patients.masking import masked_id, masked_name, masked_phone


def init_app(app: Flask) -> None:
    """Give templates the filters that mask an identity."""
    app.jinja_env.filters.update(
        masked_name=masked_name, masked_id=masked_id, masked_phone=masked_phone
    )
