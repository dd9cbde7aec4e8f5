"""What a manager draws is checked in their browser."""

import pytest
from playwright.sync_api import expect

from app.db import db
from app.permissions import Role
from app.processes.shipping import publish_shipped
from tests.bpmn.faults import CLINICAL, seeded
from tests.makers import make_person


@pytest.fixture
def manager(product):
    with product.database():
        publish_shipped()
        person = make_person(Role.PROCESS_MANAGER, name="李敏")
        db.session.commit()
        return person


def test_a_seeded_fault_is_told_and_leads_to_its_element(visit, manager, complaints):
    """O-5: the browser says it, before anything is proposed."""
    page = visit(manager)
    page.goto("/studio/consultation")
    fault = next(one for one in CLINICAL if one["finds"][0][0] == "inviting-not-last")
    page.evaluate(
        """async ([diagram]) => {
            const url = '/api/studio/consultation';
            const {revision} = await (await fetch(url)).json();
            const token = document.querySelector('meta[name=csrf-token]').content;
            await fetch(`${url}/content`, {method: 'PUT', body: JSON.stringify({revision,
              content: {diagram}}), headers: {'Content-Type': 'application/json',
              'X-CSRFToken': token}});
        }""",
        [seeded(fault).process],
    )
    page.reload()
    page.locator(".djs-container .djs-element").first.wait_for()
    page.get_by_role("tab", name="检查").click()
    told = page.get_by_role("button", name="诊疗须由邀请方最后决定")
    expect(told).to_have_count(1)
    told.click()
    expect(page).to_have_url("/studio/consultation#diagram/publish_report")
    assert complaints == []
