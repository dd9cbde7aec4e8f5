"""Pages find the files of the last build, and say what to do when there is none."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string

from app.assets import Manifest, NotBuilt, init_assets

BUILT = {
    "src/main.ts": {
        "file": "assets/main-1.js",
        "isEntry": True,
        "imports": ["_shared.js"],
        "css": ["assets/main-1.css"],
    },
    "_shared.js": {"file": "assets/shared.js", "css": ["assets/shared.css"]},
    "src/islands/form.ts": {"file": "assets/form-1.js", "isDynamicEntry": True},
}
PAGE = "{% set main = asset('src/main.ts') %}{{ main.script }} {{ main.styles | join(' ') }}"


def build(dist: Path, chunks: dict[str, Any]) -> Manifest:
    (dist / "manifest.json").write_text(json.dumps(chunks), "utf-8")
    return Manifest(dist)


def render(manifest: Manifest, *, testing: bool = False) -> str:
    app = Flask("app")
    app.testing = testing
    init_assets(app, manifest)
    with app.test_request_context():
        return render_template_string(PAGE)


def test_a_page_gets_its_script_and_the_styles_of_everything_it_imports(tmp_path: Path) -> None:
    assert render(build(tmp_path, BUILT)) == (
        "/static/dist/assets/main-1.js"
        " /static/dist/assets/shared.css /static/dist/assets/main-1.css"
    )


def test_a_new_build_is_seen_without_a_restart(tmp_path: Path) -> None:
    manifest = build(tmp_path, BUILT)
    assert manifest.entry("src/main.ts").script == "assets/main-1.js"

    build(tmp_path, {"src/main.ts": {"file": "assets/main-2.js", "isEntry": True}})

    assert manifest.entry("src/main.ts").script == "assets/main-2.js"


def test_a_missing_build_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="npm run build"):
        render(Manifest(tmp_path))


def test_a_page_cannot_ask_for_a_part_that_is_loaded_on_demand(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"src/islands/form\.ts"):
        build(tmp_path, BUILT).entry("src/islands/form.ts")


def test_tests_without_a_browser_need_no_build(tmp_path: Path) -> None:
    assert render(Manifest(tmp_path), testing=True).split() == ["None"]
