"""What a page calls the parts of a diagram."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.web import language
from bpmn.diagram import Lane, Node


def step_title(node: Node) -> str:
    """The name of a step in the language of whoever asks."""
    return (node.name_en if language() == "en" else "") or node.name or node.id


def lane_title(lane: Lane | None) -> str:
    """Who works in a lane; a task outside all lanes names its people itself."""
    return lane.name or lane.id if lane else str(_("由任务指定"))


def finding_title(finding: Mapping[str, str]) -> str:
    """Where something is wrong: the element's name and id, the file, or the whole upload."""
    name, element = finding["name"], finding["element"]
    if name and element and name != element:
        return f"{name} ({element})"
    return name or element or str(_("整个流程"))
