"""The page of all components, for whoever works on pages; served in demo mode and tests only."""

import re
from pathlib import Path

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

bp = Blueprint("styleguide", __name__)
SPRITE = Path(__file__).parent.parent / "templates" / "_icons.html"


@bp.get("/styleguide")
def show() -> ResponseReturnValue:
    """Every component with invented content, and every icon with its name."""
    return render_template(
        "styleguide.html",
        url_of=lambda number: url_for(".show", page=number),
        icon_names=re.findall(r'id="icon-([\w-]+)"', SPRITE.read_text("utf-8")),
    )
