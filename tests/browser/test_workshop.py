"""A whole workshop in real browsers: one leads, one wall, six participants, one of them late and
one off the network for a while."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from journeys.models import Card
from tests.browser.conftest import Browsers
from tests.support.people import signed_in
from tests.support.servers import until
from workshops.agendas import BY_KEY
from workshops.edits import guests, meeting
from workshops.models import Address, Contribution, Guest, Step, Vote, Workshop
from workshops.reads.ballot import stages_of

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1440, "height": 900}}
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}


@dataclass
class Place:
    """The room: who opens which page of it."""

    browsers: Browsers
    url: str
    complaints: list[str]
    lent: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str, cookies=(), **options) -> Page:
        context = self.browsers.lend(**{"locale": "ru-RU", **options})
        self.lent.append(context)
        context.add_cookies([{"name": n, "value": v, "url": self.url} for n, v in cookies])
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.url + path)
        return page

    def lead(self, person, path: str) -> Page:
        cookies = [(name, one.value) for name, one in signed_in(person).cookies.items()]
        return self.open(path, cookies, **LAPTOP)

    def join(self, workshop: Workshop, name: str, **options) -> Page:
        page = self.open(reverse("enter", args=[workshop.token]), **(options or PHONE))
        page.fill("#name", name)
        page.locator(".enter-form .button-primary").click()
        expect(page.locator("#room")).to_have_attribute("data-ui-state", "open")
        return page


@pytest.fixture
def place(browsers, live_server_url, settings):
    settings.PUBLIC_URL = live_server_url
    found = Place(browsers, live_server_url, [])
    yield found
    for context in found.lent:
        browsers.take_back(context, live_server_url)
    assert found.complaints == []


@pytest.fixture
def workshop(bouquet, by_anna) -> Callable[..., Workshop]:
    """A workshop that stands at a step of a kind, its entry open."""

    def make(kind: str = "", agenda: str = "barriers") -> Workshop:
        made = meeting.new_workshop(bouquet, BY_KEY[agenda], by=by_anna)
        meeting.open_entry(made, by=by_anna)
        if kind:
            meeting.go_to(made, made.steps.filter(kind=kind).first().pk, by=by_anna)
        return Workshop.objects.select_related("journey", "step").get(pk=made.pk)

    return make


def write(page: Page, text: str, stage: int = 0) -> None:
    page.locator("[role=tab]").nth(stage).click()
    page.fill("#words", text)
    page.locator("#words").press("Enter")


def given(page: Page, text: str):
    return page.locator(".own:not(.own-waiting)", has_text=text)


def agree(page: Page) -> None:
    """To the question before what can't be taken back."""
    page.locator("#confirm-yes").click()


def test_from_preparing_to_the_outcome(place, anna, bouquet):
    olga = place.lead(anna, reverse("new_workshop", args=[bouquet.pk]))
    olga.locator("[name=agenda][value=barriers]").click()
    olga.locator("header .button-primary").click()
    expect(olga.locator("#screen.lead")).to_be_visible()
    workshop = Workshop.objects.get()
    wall = place.open(reverse("wall", args=[workshop.wall_token]), **PROJECTOR)
    expect(wall.locator(".wall-code")).to_contain_text(workshop.code[:4])

    marina, igor, anya = (place.join(workshop, name) for name in ("Марина", "Игорь", "Аня"))
    far, farther = (place.join(workshop, name, **LAPTOP) for name in ("Пётр", "Лена"))
    expect(wall.locator(".wall-count b")).to_have_text("5")

    olga.locator(".panel-now .button-primary").click()  # the map is shown
    expect(wall.locator(".wall-map")).to_be_visible()
    olga.locator(".panel-ways .button-primary").click()  # barriers are written
    expect(marina.locator("#composer")).to_be_visible()
    write(marina, "Сотрудника нет на месте", 3)
    write(igor, "Сотрудника не было на месте", 3)
    write(far, "Чьи отзывы настоящие?", 1)
    expect(given(marina, "Сотрудника нет")).to_be_visible()
    expect(wall.locator(".slip")).to_have_count(3)
    expect(far.locator("#wall-here .slip")).to_have_count(3)
    expect(wall.locator("body")).not_to_contain_text("Сотрудника")

    late = place.join(workshop, "Рустам")
    expect(late.locator("#composer")).to_be_visible()
    anya.context.set_offline(True)
    write(anya, "Писали без сети", 2)
    expect(anya.locator(".own-waiting")).to_contain_text("Писали без сети")
    marina.locator("#composer [data-done]").click()
    expect(wall.locator(".wall-ready")).to_contain_text("Марина")
    expect(olga.locator(".panel-person .good")).to_have_count(1)
    anya.context.set_offline(False)
    expect(given(anya, "Писали без сети")).to_be_visible(timeout=15_000)
    expect(wall.locator(".slip")).to_have_count(4)

    olga.locator(".panel-reveal .button-primary").click()
    agree(olga)
    expect(wall.locator(".wall-card")).to_have_count(4)
    expect(wall.locator("body")).to_contain_text("Писали без сети")
    tapped = olga.locator(".panel-lamp", has_text="Писали без сети")
    tapped.click()
    expect(wall.locator(".wall-alone-words")).to_contain_text("Писали без сети")
    tapped.click()
    expect(wall.locator(".wall-alone-words")).to_have_count(0)

    olga.locator(".panel-ways .button-primary").click()  # doubles are joined
    doubles = olga.locator(".panel-doubles", has_text="не было")
    doubles.locator("button").click()
    expect(olga.locator(".panel-card", has_text=re.compile(r"\+\d"))).to_be_visible()

    olga.locator(".panel-ways .button-primary").click()  # solutions are written
    expect(farther.locator("#composer")).to_be_visible()
    farther.locator("[role=tab]").nth(3).click()
    farther.locator("[data-panel]:not([data-ui-aside]) [data-lifts] input").first.check()
    write(farther, "Табличка с телефоном", 3)
    expect(given(farther, "Табличка с")).to_be_visible()
    olga.locator(".panel-reveal .button-primary").click()
    agree(olga)
    expect(wall.locator("body")).to_contain_text("Табличка с")
    assert Card.objects.get(text="Табличка с телефоном").lifts.count() == 1

    olga.locator(".panel-ways .button-primary").click()  # the vote
    for page in (marina, igor, late):
        option = page.locator(".option", has_text="Табличка с")
        option.locator("[data-vote='1']").click()
        expect(option.locator("b")).to_have_text("1")
    expect(wall.locator(".wall-progress b").first).to_have_text("3")
    expect(wall.locator("body")).not_to_contain_text("Табличка с")
    olga.locator(".panel-reveal .button-primary").click()
    agree(olga)
    expect(wall.locator(".wall-ranks tbody tr").first).to_contain_text("Табличка с")
    expect(marina.locator(".phone-ranks li").first).to_contain_text("3")

    olga.locator(".panel-ways .button-primary").click()  # tasks
    task = olga.locator(".panel-task").first
    task.locator("[name=text]").fill("Поставить звонок")
    task.locator("[name=owner]").fill("Игорь")
    task.locator("[name=due]").fill("2026-12-04")
    task.locator("button").click()
    expect(wall.locator(".wall-tasks")).to_contain_text("Поставить звонок")
    olga.locator(".panel-ways .button-primary").click()
    agree(olga)
    olga.wait_for_url(re.compile("/outcome/$"))
    expect(olga.locator(".outcome-votes")).to_contain_text("Табличка с")
    expect(olga.locator(".outcome-tasks")).to_contain_text("Поставить звонок")
    expect(olga.locator(".outcome-people li")).to_have_count(6)
    expect(marina.locator(".phone-ended")).to_be_visible()
    expect(wall.locator(".wall-ended")).to_be_visible()


def test_a_reload_brings_one_back_as_oneself_with_what_was_begun(place, workshop):
    page = place.join(workshop("write"), "Марина")
    page.locator("[role=tab]").nth(2).click()
    page.locator("#words").press_sequentially("Не допис")
    page.reload()
    page.locator("[role=tab]").nth(2).click()
    expect(page.locator("#words")).to_have_value("Не допис")
    assert Guest.objects.count() == 1


def test_who_is_typing_gets_to_finish_when_the_room_goes_on(place, workshop, by_anna):
    made = workshop("write")
    page = place.join(made, "Марина")
    page.locator("#words").press_sequentially("Непонятно, когда вернётся")
    meeting.go_to(made, made.steps.get(kind="vote").pk, by=by_anna)
    expect(page.locator("[data-late]")).to_be_visible()
    expect(page.locator("#words")).to_be_focused()
    page.locator("#words").press_sequentially(" специалист")
    page.locator("#composer [data-add]").click()
    expect(page.locator(".phone-ballot")).to_be_visible()
    expect(page.locator("#composer")).to_be_hidden()
    until(Contribution.objects.exists)
    found = Contribution.objects.get()
    assert found.card.text == "Непонятно, когда вернётся специалист" and found.late


def test_what_is_begun_may_stay_a_draft(place, workshop, by_anna):
    made = workshop("write")
    step = made.step
    page = place.join(made, "Марина")
    page.locator("#words").press_sequentially("Потом")
    meeting.go_to(made, made.steps.get(kind="vote").pk, by=by_anna)
    page.locator("[data-go-on]").click()
    expect(page.locator(".phone-ballot")).to_be_visible()
    meeting.go_to(made, step.pk, by=by_anna)
    expect(page.locator("#words")).to_have_value("Потом")


def test_a_lock_keeps_the_words_in_the_field(place, workshop, by_anna):
    made = workshop("write")
    page = place.join(made, "Марина")
    page.locator("#words").press_sequentially("Успеть")
    page.route("**/cards/", lambda route: route.continue_())
    meeting.lock(made, True, by=by_anna)
    expect(page.locator("#screen")).to_have_attribute("data-locked", "true")
    meeting.lock(made, False, by=by_anna)
    expect(page.locator("#words")).to_have_value("Успеть")


def test_who_is_shown_out_is_told_and_may_come_back(place, workshop, by_anna):
    made = workshop("write")
    page = place.join(made, "Марина")
    guest = Guest.objects.get()
    guests.remove(made, guest.pk, by=by_anna)
    expect(page.locator(".phone-removed")).to_be_visible()
    guests.let_back(made, guest.pk, by=by_anna)
    page.locator(".phone-removed .button").click()
    expect(page.locator("#composer")).to_be_visible()


def test_clocks_of_all_screens_agree(place, workshop, anna):
    made = workshop("write")
    screens = [
        place.lead(anna, reverse("lead", args=[made.pk])),
        place.open(reverse("wall", args=[made.wall_token]), **PROJECTOR),
        place.join(made, "Марина"),
    ]
    read = "() => document.querySelector('[data-clock-time]').textContent"
    for screen in screens:
        expect(screen.locator("[data-clock-time]").first).not_to_be_empty()
    shown = [screen.evaluate(read) for screen in screens]
    seconds = [60 * int(text.split(":")[0]) + int(text.split(":")[1]) for text in shown]
    assert max(seconds) - min(seconds) <= 1, shown


def test_the_facilitators_keys(place, workshop, anna):
    made = workshop("write")
    olga = place.lead(anna, reverse("lead", args=[made.pk]))
    expect(olga.locator("#room")).to_have_attribute("data-ui-state", "open")
    olga.keyboard.press("Space")
    expect(olga.locator("[data-clock]")).to_have_attribute("data-paused", "true")
    olga.keyboard.press("Space")
    expect(olga.locator("[data-clock][data-paused]")).to_have_count(0)
    olga.keyboard.press("4")
    expect(olga.locator(".panel-spot-button[aria-pressed=true]")).to_have_count(1)
    olga.keyboard.press("r")
    expect(olga.locator("#confirm")).to_be_visible()
    olga.keyboard.press("Escape")
    assert Step.objects.get(pk=made.step_id).revealed_at is None


def test_a_rating_is_moved_and_left_out(place, workshop):
    made = workshop("rate", "curve")
    page = place.join(made, "Марина")
    slider = page.locator(".slider input").first
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator(".slider").first.locator("output")).to_have_text("+1")
    page.locator(".slider [data-unrate]").first.click()
    expect(page.locator(".slider").first).to_have_attribute("data-empty", "true")


def test_votes_pressed_quickly_all_count(place, workshop):
    made = workshop("vote")
    page = place.join(made, "Марина")
    plus = page.locator(".option").first.locator("[data-vote='1']")
    plus.click()
    plus.click()
    expect(page.locator(".option.chosen b").first).to_have_text("2")
    assert Vote.objects.get().count == 2


def test_a_remote_participant_opens_the_wall_without_signing_in(place, workshop):
    made = workshop("write")
    page = place.join(made, "Пётр", **LAPTOP)
    link = page.locator("#phone-menu a[href*='/wall/']").get_attribute("href")
    assert link
    wall = place.open(link, **LAPTOP)
    expect(wall.locator(".wall-piles")).to_be_visible()
    expect(wall.locator("form, input, textarea")).to_have_count(0)


def test_a_group_is_given_its_stages_from_the_panel(place, workshop, anna):
    made = workshop("write")
    olga = place.lead(anna, reverse("lead", args=[made.pk]))
    olga.locator(".panel-groups > summary").click()
    olga.locator(".group-acts .link-button").click()
    olga.locator(".group > summary").click()
    box = olga.locator(".group [name=stages]").nth(1)
    box.click()
    expect(olga.locator(".group > summary")).to_contain_text("1")
    expect(box).to_be_checked()
    page = place.join(made, "Марина")
    expect(page.locator("[role=tab]")).to_have_count(1)
    second = stages_of(made.step)[1]
    expect(page.locator(".phone-where")).to_contain_text(second.name)


def test_a_table_votes_with_everybodys_votes(place, workshop):
    page = place.join(workshop("vote"), "Стол у окна")
    page.locator("[popovertarget=phone-menu]").click()
    page.locator("[data-open-dialog=say-heads]").click()
    page.fill("#say-heads [name=heads]", "4")
    page.locator("#say-heads .button-primary").click()
    expect(page.locator(".phone-budget")).to_contain_text("12")
    page.locator(".option").first.locator("[data-vote='1']").click()
    expect(page.locator(".phone-budget")).to_contain_text("11")


def test_a_guest_asks_for_the_outcome_with_a_tick_and_takes_the_address_back(
    place, workshop, by_anna, settings
):
    settings.MAIL_FROM = "maps@example.org"
    made = workshop("write")
    phone = place.join(made, "Марина")
    meeting.end(made, by=by_anna)
    phone.locator(".phone-foot [data-open-dialog]").click()
    box = phone.locator("[data-address] [type=checkbox]")
    expect(box).not_to_be_checked()
    phone.fill("#address", "marina@example.org")
    phone.locator("[data-address] .button-primary").click()
    expect(phone.locator("#leave-address")).to_be_visible()  # the browser asks for the tick
    box.check()
    phone.locator("[data-address] .button-primary").click()
    expect(phone.locator(".phone-foot")).to_contain_text("marina@example.org")
    assert Address.objects.get().language == "ru"
    phone.locator("[data-take-back]").click()
    expect(phone.locator(".phone-foot")).not_to_contain_text("marina@example.org")
    assert not Address.objects.exists()


def test_showing_somebody_out_offers_to_close_the_entry(place, workshop, anna):
    made = workshop("write")
    for name in ("Марина", "Игорь"):
        guests.join(made, name)
    panel = place.lead(anna, reverse("lead", args=[made.pk]))
    box = panel.locator("#confirm-also input")
    for name, close in (("Марина", False), ("Игорь", True)):
        person = panel.locator(".panel-person", has_text=name)
        person.locator("summary").click()
        person.locator("form[hx-post*=remove] button").click()
        expect(box).not_to_be_checked()
        box.set_checked(close)
        panel.locator("#confirm-yes").click()
        expect(person).to_have_count(0)
        made.refresh_from_db()
        assert made.entry_open != close


def test_a_laptop_has_the_wall_beside_its_own_and_may_fold_it_away(place, workshop, by_anna):
    made = workshop("write")
    page = place.join(made, "Пётр", **LAPTOP)
    beside = page.locator("#wall-here")
    expect(beside).to_be_visible()
    expect(page.locator("#composer")).to_be_visible()
    page.fill("#words", "Начатое")
    page.locator("[data-to-wall]").click()
    expect(beside).to_be_hidden()
    page.reload()
    expect(page.locator("#words")).to_have_value("Начатое")
    expect(beside).to_be_hidden()
    page.locator("[data-to-wall]").click()
    expect(beside).to_be_visible()
    write(place.join(made, "Аня"), "Чужая карточка")
    expect(beside.locator(".slip")).to_have_count(1)  # told, though no phone need be
    expect(page.locator("body")).not_to_contain_text("Чужая карточка")


def test_a_laptop_without_the_wall_has_all_stages_beside_each_other(place, workshop):
    made = workshop("write")
    page = place.join(made, "Пётр", **LAPTOP)
    panels = page.locator("[data-panel]")
    expect(panels.nth(2)).to_be_hidden()
    page.locator("[data-to-wall]").click()
    expect(panels.nth(2)).to_be_visible()
    panels.nth(2).click()
    expect(page.locator("#words")).to_be_focused()
    page.keyboard.type("Третий этап")
    page.keyboard.press("Enter")
    expect(panels.nth(2).locator(".own")).to_have_text("Третий этап")
    card = Card.objects.get(text="Третий этап")
    assert card.stage == stages_of(made.step)[2]


def test_a_phone_looks_at_the_wall_and_is_back_with_one_tap(place, workshop):
    page = place.join(workshop("write"), "Марина")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#words").press_sequentially("Не допис")
    to_wall = page.locator("[data-to-wall]")
    to_wall.tap()
    expect(page.locator("#wall-here .wall-heading")).to_be_visible()
    expect(page.locator("#composer")).to_be_hidden()
    to_wall.tap()
    expect(page.locator("#words")).to_have_value("Не допис")
    expect(page.locator("#words")).to_be_focused()
    expect(page.locator("#wall-here")).to_be_hidden()
    assert len([url for url in asked if url.endswith("/screen/")]) <= 3
    assert not any("/wall/" in url for url in asked)


def test_scanning_the_check_gives_a_green_tick_by_itself(place, bouquet, anna, by_anna):
    made = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
    olga = place.lead(anna, reverse("lead", args=[made.pk]))
    expect(olga.locator("#room")).to_have_attribute("data-ui-state", "open")
    link = olga.locator(".check-phone [data-copy]").get_attribute("data-copy")
    assert link
    path = link.removeprefix(place.url)
    other = place.open(path, **LAPTOP)  # no phone: it is told so, and is not counted
    expect(other.locator("[role=status]").first).not_to_be_empty()
    expect(other.locator(".enter-works")).to_be_visible()
    expect(olga.locator(".check-seen")).to_have_count(0)
    phone = place.open(path, **PHONE, user_agent="Mozilla/5.0 (iPhone) Mobile Safari")
    expect(phone.locator(".enter-works")).to_be_visible()
    expect(olga.locator(".check-seen [data-ago]")).not_to_be_empty()


def test_people_at_the_map_are_told_that_a_workshop_is_on(place, bouquet, anna, by_anna):
    made = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
    page = place.lead(anna, reverse("map", args=[bouquet.pk]))
    expect(page.locator("#people .avatar").first).to_be_visible()
    expect(page.locator(".on-map")).to_have_count(0)
    meeting.open_entry(made, by=by_anna)
    expect(page.locator(".on-map a")).to_have_count(2)
    guests.join(made, "Марина")
    expect(page.locator(".on-map")).to_contain_text("1")
    meeting.end(made, by=by_anna)
    expect(page.locator(".on-map")).to_have_count(0)


@pytest.mark.parametrize("has", [True, False])
def test_wake_lock_or_a_word_how_to_do_without(has, place, workshop):
    made = workshop("write")
    wall = place.open(reverse("type_code"), **PROJECTOR)
    lock = "{ request: async () => new EventTarget() }" if has else "undefined"
    wall.add_init_script(f"Object.defineProperty(navigator, 'wakeLock', {{ value: {lock} }})")
    wall.goto(place.url + reverse("wall", args=[made.wall_token]))
    expect(wall.locator("#room")).to_have_attribute("data-ui-state", "open")
    words = wall.locator("[data-wake]")
    expect(words).to_be_hidden() if has else expect(words).to_be_visible()
