"""The pages of a case open for those whose it is, at every point of its way."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import Person
from tests.app.cases import do, make_people, open_case, ready

Browser = Callable[[Person | None], FlaskClient]


@pytest.mark.usefixtures("app")
def test_the_case_and_its_task_can_be_looked_at_while_somebody_else_is_at_work(
    client: Browser,
) -> None:
    people = make_people()
    case = open_case(people.applicant)
    do(case, people.applicant, reason="请会诊")

    for person in (people.applicant, people.director):
        browser = client(person)
        assert browser.get(f"/consultations/{case.id}").status_code == 200
        page = browser.get(f"/tasks/{ready(case).id}")
        assert page.status_code == 200
        assert case.number in page.text
