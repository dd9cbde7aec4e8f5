"""The menu shows each person what applies, and where they are."""

import re

from app.permissions import Role
from tests.makers import make_department, make_hospital, make_person


def menu(page):
    entries = re.findall(r'<a class="nav__link" href="([^"]+)"([^>]*)>', page.text)
    return {url: "aria-current" in rest for url, rest in entries}


def test_the_menu_holds_what_a_role_may_do(client, app):
    home = make_hospital()
    doctor = client(make_person(Role.APPLICANT, hospital=home))
    administrator = client(make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=home))

    assert "/people" not in menu(doctor.get("/hospitals"))
    assert {"/people", "/people/reviews"} <= set(menu(administrator.get("/hospitals")))


def test_the_innermost_entry_is_the_open_one(client, app):
    home = make_hospital()
    department = make_department(home)
    browser = client(make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=home))

    def here(path):
        return [url for url, is_open in menu(browser.get(path)).items() if is_open]

    assert here("/people") == ["/people"]
    assert here("/people/reviews") == ["/people/reviews"]
    assert here(f"/departments/{department.id}") == ["/hospitals"]
    assert here("/profile") == []
