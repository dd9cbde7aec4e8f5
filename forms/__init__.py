"""Forms: form-js schemas and the typed answers they yield. Pure; may use bpmn.feel.

A form is the JSON a form-js editor writes. `check` says at publish time why one cannot be used
here; everything else expects a form that `check` has passed. The browser shows the same form with
form-js and app/client/src/islands/form.ts; both sides give the same verdict on the same answers
(tests/forms/parity, docs/decisions/010-one-verdict-on-answers.md).
"""

from forms.checking import check
from forms.component_checks import Problem
from forms.loading import Invalid, load, open_values
from forms.messages import Fault, Language
from forms.schema import Field, fields, localised

__all__ = [
    "Fault",
    "Field",
    "Invalid",
    "Language",
    "Problem",
    "check",
    "fields",
    "load",
    "localised",
    "open_values",
]
