"""Two process managers with their browsers, and what they do by the API."""

import io
import json

from app.permissions import Role
from app.processes.actions import publish
from tests.app.diagrams import DIAGRAM, small_bundle
from tests.makers import make_person

URL = "/api/studio/consultation"
RENAMED = DIAGRAM.replace('name="申请"', 'name="填写申请"')


def publish_small(name="远程会诊", key="consultation"):
    return publish(None, key, name, small_bundle())


def make_manager(name):
    return make_person(Role.PROCESS_MANAGER, name=name)


def save(browser, revision=None, url=URL, **content):
    if revision is None:
        revision = browser.get(url).json["revision"]
    return browser.put(f"{url}/content", json={"revision": revision, "content": content})


def propose(browser, reason="说明", url=URL):
    revision = browser.get(url).json["revision"]
    return browser.post(f"{url}/proposals", json={"revision": revision, "reason": reason})


def propose_change(browser, url=URL, reason="说明", **content):
    """The address of the page on which a colleague decides."""
    save(browser, url=url, **content)
    answer = propose(browser, reason, url)
    assert answer.status_code == 201, answer.json
    return answer.json["url"]


def take_files(browser, *files, url=URL):
    """`files`: (name, text, bytes or JSON)."""
    chosen = [(io.BytesIO(_bytes(content)), name) for name, content in files]
    answer = browser.post(f"{url}/pack", data={"files": chosen})
    answer.request.environ["wsgi.input"].close()  # the client keeps large bodies in a file
    return answer


def _bytes(content):
    if isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False)
    return content.encode() if isinstance(content, str) else content
