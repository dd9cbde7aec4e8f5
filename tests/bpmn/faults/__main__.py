"""Writes anew what the server says of every example."""

import json

import app  # noqa: F401 - whose features register the words of diagrams
from tests.bpmn.faults import SAID, said

SAID.write_text(json.dumps(said(), ensure_ascii=False, indent=1) + "\n", "utf-8")
