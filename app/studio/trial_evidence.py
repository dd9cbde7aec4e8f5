"""What trying a proposal says for it: its scenarios, and what past cases would have made of it."""

from typing import Any

from flask_babel import lazy_gettext as _

from app.errors import Invalid
from app.processes.models import Process
from app.studio import history, scenarios
from app.studio.content import Content
from app.studio.evidence import evidence

CASES = 100  # past ones; some seconds' work


@evidence("scenarios", "studio/_scenarios.html")
def scenarios_of(_process: Process, proposed: Content) -> dict[str, Any]:
    """All pass, or nothing is proposed."""
    results = scenarios.run(proposed)
    failed = [one["name"] for one in results.verdicts if not one["is_passed"]]
    if failed:
        names = "、".join(failed)
        raise Invalid({"scenarios": _("没有通过的场景：%(names)s", names=names)})
    return results.json()


@evidence("what_if", "studio/_what_if.html")
def what_if_of(process: Process, proposed: Content) -> dict[str, Any]:
    """The newest finished cases along the proposal."""
    return history.report(process, proposed, CASES)
