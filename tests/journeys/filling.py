"""Filling in task forms as a person does: by label, with keyboard and mouse."""

import re
from datetime import date, datetime

from playwright.sync_api import Locator, Page, expect


def write(page: Page, label: str, text: str) -> None:
    """Text into a field, in place of what stands there."""
    form(page).get_by_label(label).fill(text)


def choose(page: Page, question: str, answer: str) -> None:
    """One of the answers of a question; several if it has check boxes."""
    asked = form(page).get_by_role("radiogroup", name=question)
    asked.or_(form(page).get_by_role("group", name=question)).get_by_label(
        answer, exact=True
    ).check()


def tick(page: Page, label: str) -> None:
    """A check box."""
    form(page).get_by_label(label).check()


def pick(page: Page, label: str, option: str) -> None:
    """One entry of a list that opens."""
    # form-js labels an input that nobody sees; what is clicked stands around it.
    labelled = form(page).get_by_label(label)
    labelled.locator("xpath=ancestor::*[contains(@class, 'fjs-form-field')][1]").locator(
        ".fjs-input-group, .fjs-taglist"
    ).first.click()
    form(page).locator(".fjs-dropdownlist-item", has_text=re.compile(f"^{option}")).click()


def set_day(page: Page, label: str, day: date) -> None:
    """A day, typed as the field shows it."""
    field = form(page).get_by_label(label)
    field.fill(day.strftime("%Y/%m/%d"))
    field.press("Enter")
    # form-js joins day and time by the frame; nobody types faster.
    page.evaluate("() => new Promise((r) => requestAnimationFrame(() => setTimeout(r, 50)))")


def set_time(page: Page, moment: datetime) -> None:
    """The time of day beside a day."""
    field = form(page).get_by_label(re.compile("^时间"))
    field.fill(moment.strftime("%H:%M"))
    field.press("Enter")


def hand_in(page: Page) -> None:
    """Submit; the product leads on to the inbox."""
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/inbox")


def form(page: Page) -> Locator:
    """The form of the task, or of a trial's, once it has been drawn."""
    shown = page.locator("[data-island=form] .fjs-form, .play-form .fjs-form")
    expect(shown).to_be_visible()
    return shown
