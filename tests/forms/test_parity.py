"""The same answers get the same verdict here as in the browser (app/client/tests/islands/form)."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import forms

# Both sides read these files under this clock and in China's time zone.
NOW = datetime.fromisoformat("2026-03-10T09:00:00+08:00")


def expanded(value: Any) -> Any:
    """Replace `{"repeat": text, "times": n}` by the long text it stands for."""
    if isinstance(value, dict):
        if set(value) == {"repeat", "times"}:
            return value["repeat"] * value["times"]
        return {key: expanded(inner) for key, inner in value.items()}
    return [expanded(item) for item in value] if isinstance(value, list) else value


def cases() -> list[Any]:
    found = []
    for path in sorted((Path(__file__).parent / "parity").glob("*.json")):
        sheet = expanded(json.loads(path.read_text("utf-8")))
        for case in sheet["cases"]:
            name = f"{path.stem}: {case['name']}"
            found.append(pytest.param(sheet["form"], sheet["context"], case, id=name))
    return found


CASES = cases()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(("form", "context", "case"), CASES)
def test_verdict(form: Any, context: Any, case: Any) -> None:
    assert forms.check(form) == []
    if "errors" in case:
        with pytest.raises(forms.Invalid) as refused:
            forms.load(form, case["answers"], context, now=NOW)
        found = {k: {fault.code for fault in v} for k, v in refused.value.faults.items()}
        assert found == {key: set(codes) for key, codes in case["errors"].items()}
    else:
        result = forms.load(form, case["answers"], context, now=NOW)
        assert result | case["accepted"] == result
        assert not result.keys() & set(case.get("absent", ()))
