"""axe finds nothing on any page, in both languages and both themes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, expect

from journeys.edits import journeys as map_edits
from journeys.edits.maps import create_map, new_map
from journeys.formats.plan import CardPlan, LanePlan, PersonaPlan, StagePlan
from journeys.kinds import KINDS
from journeys.models import Card
from personas import edits as persona_edits
from teams import edits, errors
from teams.models import Membership, Role, User, Workspace
from teams.sign_in_links import make_link
from tests.support.maps import demo
from tests.support.people import signed_in
from ui.ids import uuid7
from workshops.actors import actor_of
from workshops.agendas import BY_KEY
from workshops.edits import guests, meeting, own_agendas, voting, writing
from workshops.models import Address, Step, Workshop
from workshops.reads.ballot import candidates, subjects

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

OUTCOMES = {
    400: errors.bad_request,
    401: errors.signed_out,
    403: errors.forbidden,
    404: errors.not_found,
    413: lambda request: errors.bad_request(request, RequestDataTooBig()),
    429: lambda request: errors.too_many(request, wait=90),
    500: errors.server_error,
    503: errors.unavailable,
}


AXE = Axe().axe_script
# Of all rules only these look at colours: the second theme needs no others.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# axe goes through all of a page even for a small part of it; a thousand cards beside the part
# are most of its time.
TAKE_AWAY = """within => {
  const part = document.querySelector(within);
  const board = document.getElementById("board");
  const place = document.createElement("div");
  window.putBack = () => place.isConnected && place.replaceWith(board);
  if (board && !board.contains(part) && !part.contains(board)) board.replaceWith(place);
}"""


class Judge:
    """Shows one person's pages to axe, in both themes, and keeps what it says of them."""

    def __init__(self, page: Page, url: str, language: str):
        self.page = page
        self.url = url
        self.language = language
        self.said: list[str] = []

    def see(self, name: str, path: str) -> None:
        self.page.goto(self.url + path)
        self.judge(name)

    def see_drawn(self, name: str, html: str) -> None:
        """A page that no address of the server shows at will."""
        self.page.route("**/drawn/", lambda route: route.fulfill(body=html))
        self.see(name, "/drawn/")
        self.page.unroute("**/drawn/")

    def judge(self, name: str, within: str = "html") -> None:
        """The page as it stands, or a part of it, with all that can be unfolded."""
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        self.page.evaluate(TAKE_AWAY, within)
        if self.language == "ru":
            self._ask(f"{name}, light", within, "light")
            self._ask(f"{name}, dark", within, "dark", runOnly=OF_COLOURS)
        else:  # the same colours under other words
            others = {rule: {"enabled": False} for rule in OF_COLOURS}
            self._ask(name, within, "light", rules=others)
        self.page.evaluate("putBack()")

    def _ask(self, name: str, within: str, theme: str, **options) -> None:
        # What static/js/theme.js does.
        self.page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        options |= {"resultTypes": ["violations"], "preload": False}
        # What a reader or a spotlight fades is meant to step back; the same press brings it back.
        part = {"include": [within], "exclude": ["[data-ui-dimmed]", ".dim"]}
        found = self.page.evaluate("([part, options]) => axe.run(part, options)", [part, options])
        for problem in found["violations"]:
            for node in problem["nodes"]:
                place = " ".join(map(str, node["target"]))
                checks = node["any"] + node["all"] + node["none"]
                why = "; ".join(check["message"] for check in checks)
                self.said.append(f"{name}: {problem['id']} at {place}: {why}")

    def menu(self, menu: str) -> None:
        """A menu of the page, as it opens."""
        self.page.evaluate("id => document.getElementById(id).showPopover()", menu)
        self.judge(menu, f"#{menu}")
        self.page.evaluate("id => document.getElementById(id).hidePopover()", menu)

    def dialog(self, name: str, opener: str, dialog: str) -> None:
        """What a button of the page opens over it."""
        self.page.locator(opener).first.dispatch_event("click")
        expect(self.page.locator(dialog)).to_be_visible()
        self.judge(name, dialog)
        self.page.locator(f"{dialog} [data-close-dialog]").first.click()

    def panel(self, name: str, opener: str) -> None:
        """What a button opens beside the map."""
        self.page.locator(opener).first.dispatch_event("click")
        expect(self.page.locator("#details [data-close-panel]")).to_be_visible()
        self.judge(name, "#details")


@pytest.fixture
def judging(browsers, live_server_url):
    """`with judging(anna, "ru") as judge`: at the end nothing may have been found."""

    @contextmanager
    def judging(somebody: User | None, language: str) -> Iterator[Judge]:
        cookies = {"language": language}
        if somebody:
            cookies |= {name: morsel.value for name, morsel in signed_in(somebody).cookies.items()}
        context = browsers.lend(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        context.add_cookies(
            [
                {"name": name, "value": said, "url": live_server_url}
                for name, said in cookies.items()
            ]
        )
        judge = Judge(context.new_page(), live_server_url, language)
        try:
            yield judge
        finally:
            browsers.take_back(context, live_server_url)
        assert not judge.said, "\n".join(judge.said)

    return judging


@pytest.fixture
def everything(flowers, by_anna):
    """A map with cards of all nine contents, with steps, a loop, an exit and two personas."""
    plan = demo("retail_bouquet")
    plan.stages[0].weight, plan.stages[0].exit_reason = 5, "Дорого"
    plan.stages += [
        StagePlan("again", "Снова", loop_to=plan.stages[0].key, loop_name="Петля"),
        StagePlan("again-1", "Напоминание", parent="again"),
        StagePlan("again-2", "Заказ", parent="again", weight=2),
    ]
    plan.personas.append(PersonaPlan("Ольга"))
    for card in plan.cards[::3]:
        card.persona = 2
    there = {lane.content for lane in plan.lanes}
    for content in sorted(KINDS.keys() - there):
        plan.lanes.append(LanePlan(f"of-{content}", f"Ещё: {content}", content))
        plan.cards.append(
            CardPlan(f"card-{content}", plan.stages[0].key, f"of-{content}", "Так решили")
        )
    plan.cards[0].tags, plan.cards[0].color = ["срочно", "осень"], "amber"
    return create_map(plan, workspace=flowers, by=by_anna)


in_both_languages = pytest.mark.parametrize("language", ["ru", "en"])


@in_both_languages
def test_the_ways_in(judging, flowers, anna, by_anna, language):
    invitation = edits.invite(flowers, Role.EDITOR, by=by_anna)
    with judging(None, language) as judge:
        judge.see("sign in", reverse("sign_in"))
        judge.page.locator("form [name=email]").fill("anna@example.org")
        judge.page.locator("form [name=password]").fill("not her password")
        judge.page.keyboard.press("Enter")
        expect(judge.page.locator("#main [role=alert], #main .field-error").first).to_be_visible()
        judge.judge("sign in, refused")
        judge.see("sign-in link", make_link(anna))
        judge.see("sign-in link, used up", reverse("sign_in_link", args=["used-up"]))
        judge.see("join", reverse("join", args=[invitation.token]))
        judge.see("join, over", reverse("join", args=["over"]))
        for status, draw in OUTCOMES.items():
            with override(language):
                html = draw(RequestFactory().get("/")).content.decode()
            judge.see_drawn(f"error {status}", html)


@in_both_languages
def test_the_page_of_the_operator(judging, flowers, anna, vera, bouquet, language):
    User.objects.filter(pk=anna.pk).update(is_superuser=True)
    User.objects.create_user("closed@example.org", is_active=False)
    with judging(anna, language) as judge:
        judge.see("operator", reverse("operator"))
        judge.menu("account-menu")
        judge.see("operator, nothing found", reverse("operator") + "?find=nobody")


@in_both_languages
def test_the_pages_of_a_team(judging, flowers, anna, vera, by_anna, bouquet, language):
    newcomer = User.objects.create_user("zoya@example.org")
    demo_room = Workspace.objects.create(name="Демо", slug="demo", is_demo=True)
    empty = edits.create_workspace("Пусто", by=by_anna)
    Membership.objects.create(workspace=demo_room, user=anna, role=Role.OWNER)
    invitation = edits.invite(flowers, Role.EDITOR, by=by_anna)
    persona = bouquet.personas.get()
    old = new_map(title="Старая", language="ru", workspace=flowers, by=by_anna)
    map_edits.delete_map(old.pk, by=by_anna)
    edits.delete_workspace(edits.create_workspace("Прежние", by=by_anna), by=by_anna)
    gone = persona_edits.add_persona(flowers, name="Ушёл", language="ru", data={}, by=by_anna)
    persona_edits.delete_persona(gone.pk, by=by_anna)
    with judging(anna, language) as judge:
        judge.see("home", reverse("workspace_home", args=["flowers"]))
        judge.see("home, empty", reverse("workspace_home", args=[empty.slug]))
        judge.see("home of the demo", reverse("workspace_home", args=["demo"]))
        judge.see("remove the demo", reverse("remove_demo", args=["demo"]))
        judge.see("bin", reverse("workspace_bin", args=["flowers"]))
        judge.see("new map", reverse("new_map", args=["flowers"]))
        judge.see("new map, blank", reverse("new_map", args=["flowers"]) + "?template=blank")
        judge.page.goto(judge.url + reverse("new_map", args=["flowers"]))
        judge.page.locator(".template-tile").first.click()
        judge.judge("new map, form")
        judge.see("import", reverse("import_map", args=["flowers"]))
        judge.see("persona", reverse("persona", args=[persona.pk]))
        judge.see("persona, form", reverse("persona", args=[persona.pk]) + "?edit")
        judge.see("new persona", reverse("new_persona", args=["flowers"]))
        judge.see("team", reverse("team", args=["flowers"]))
        judge.see("delete the team", reverse("delete_team", args=["flowers"]))
        judge.see("account", reverse("account"))
        judge.see("delete the account", reverse("delete_account"))
        judge.see("new workspace", reverse("new_workspace"))
        judge.see("join, by a member", reverse("join", args=[invitation.token]))
        judge.see("gallery", reverse("gallery"))
    with judging(vera, language) as judge:
        judge.see("home, of a viewer", reverse("workspace_home", args=["flowers"]))
        judge.see("team, of a viewer", reverse("team", args=["flowers"]))
        judge.see("refused", reverse("new_map", args=["flowers"]))
    with judging(newcomer, language) as judge:
        judge.see("welcome", reverse("welcome"))
        judge.page.goto(judge.url + reverse("delete_account"))
        judge.page.locator("main input[name=email]").fill(newcomer.email)
        judge.page.locator("main .button-danger").click()
        expect(judge.page.locator("#act")).to_be_attached()
        judge.judge("erased")


@in_both_languages
def test_the_map(judging, flowers, anna, vera, by_anna, everything, language):
    empty = new_map(
        title="Новая", language=language, template="retail_7", workspace=flowers, by=by_anna
    )
    with judging(anna, language) as judge:
        judge.see("map, empty", reverse("map", args=[empty.pk]))
        judge.see("map", reverse("map", args=[everything.pk]))
        for content in KINDS:
            card = Card.objects.filter(journey=everything, lane__content=content).first()
            judge.page.locator(f"#card-{card.pk.hex}").press("Space")
            expect(judge.page.locator(f"[data-card='{card.pk}']")).to_be_visible()
            judge.judge(f"details of {content}", "#details")
        judge.panel("history", "[hx-get$='/history/']")
        judge.panel("bin of the map", "[hx-get$='/bin/']")
        judge.dialog("how to read", "[data-open-dialog=how-to-read]", "#how-to-read")
        judge.dialog("keys", "[data-open-dialog=shortcuts]", "#shortcuts")
        judge.dialog("add a lane", "[data-open-dialog=add-lane]", "#add-lane")
        judge.dialog("aim", "[data-open-dialog=aim]", "#aim")
        judge.dialog("personas", "[data-open-dialog=personas]", "#personas")
        judge.dialog("poster", "[hx-get$='/pdf/']", "#dialogs dialog")
        judge.page.locator("#board .card").first.focus()
        of_parts = "card-menu", "stage-menu", "step-menu", "lane-menu"
        of_the_map = "layers-menu", "zoom-menu", "map-menu", "map-take", "map-copies"
        for menu in of_parts + of_the_map:
            judge.menu(menu)
        judge.page.locator("#board .card").first.focus()
        judge.page.keyboard.press("x")
        judge.judge("a chosen card", "#many")
        judge.judge("a chosen card on the map", f"#row-{everything.lanes.first().pk.hex}")
        for menu in ("filter-menu", "many-move", "many-color", "many-tags", "many-more"):
            judge.menu(menu)
        judge.page.keyboard.press("Escape")
        judge.page.evaluate("document.getElementById('stage-more').showModal()")
        judge.judge("stage", "#stage-more")
        judge.page.locator("#stage-more [data-close-dialog]").first.click()
        judge.page.locator("[data-filter-persona]").last.click()
        judge.judge("head of a map of one persona", "header")
        card = Card.objects.filter(journey=everything, lane__content="text").first()
        judge.page.locator(f"#card-{card.pk.hex} > p").click()
        expect(judge.page.locator("#editor textarea")).to_be_visible()
        judge.judge("open editor", "#editor")
    with judging(vera, language) as judge:
        judge.see("map, of a viewer", reverse("map", args=[everything.pk]))


@in_both_languages
def test_a_table_brought_from_elsewhere(judging, flowers, anna, bouquet, part, language):
    rows = ["Этап;Дорожка;Текст;Эмоция", "Поиск;Эмоции;Злость;огонь", ";Цели;Ничья;"]
    file = {"name": "map.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    table = "<table><tr><td></td><td>Возврат</td></tr><tr><td>Мысли</td><td>Зря</td></tr></table>"
    with judging(anna, language) as judge:
        judge.page.goto(judge.url + reverse("import_map", args=["flowers"]))
        judge.page.locator("#file").set_input_files(file)
        judge.page.locator("#main form .button-primary").click()
        expect(judge.page.locator(".checked-map")).to_be_visible()
        judge.judge("import, looked at")
        judge.page.goto(judge.url + reverse("map", args=[bouquet.pk]))
        expect(judge.page.locator("#people .avatar").first).to_be_visible()
        cell = judge.page.locator(f"#cell-{part('awareness').pk.hex}-{part('goals').pk.hex}")
        cell.evaluate("cell => cell.focus()")
        judge.page.evaluate(
            """html => {
              const clipboardData = new DataTransfer();
              clipboardData.setData("text/html", html);
              const options = { clipboardData, bubbles: true, cancelable: true };
              document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
            }""",
            table,
        )
        expect(judge.page.locator("#paste-block")).to_be_visible()
        judge.judge("paste a table", "#paste-block")


@in_both_languages
def test_a_workshop(judging, settings, live_server_url, anna, by_anna, bouquet, client, language):
    settings.PUBLIC_URL, settings.MAIL_FROM = live_server_url, "maps@example.org"
    with judging(anna, language) as judge:
        judge.see("new workshop", reverse("new_workshop", args=[bouquet.pk]))
        made = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
        lead, wall = reverse("lead", args=[made.pk]), reverse("wall", args=[made.wall_token])
        judge.see("agenda", lead)
        judge.dialog("keep the agenda", "[data-open-dialog=keep-agenda]", "#keep-agenda")
        own_agendas.keep(made, "Наша", by=by_anna)
        judge.see("link, tried before", reverse("enter", args=[made.token]))
        judge.see("code", reverse("type_code"))
        meeting.open_entry(made, by=by_anna)
        judge.see("enter", reverse("enter", args=[made.token]))
        judge.page.fill("#name", "Марина")
        judge.page.locator(".enter-form .button-primary").click()
        room = reverse("room", args=[made.pk])
        steps = {step.kind: step for step in made.steps.all()}
        steps["rate"] = Step.objects.create(
            workshop=made,
            kind="rate",
            aspect="effort",
            lane=steps["vote"].lane,
            name="R",
            question="?",
        )
        steps["break"] = Step.objects.create(workshop=made, kind="break", name="B", question="?")
        judge.see("panel, people come", lead)
        judge.see("wall, people come", wall)
        for kind, step in steps.items():
            meeting.go_to(made, step.pk, by=by_anna)
            for name, path in (("panel", lead), ("wall", wall), ("phone", room)):
                judge.see(f"{name}, {kind}", path)
            if step.is_secret and kind != "show":
                answer(made, kind)
                meeting.reveal(made, by=by_anna)
                for name, path in (("panel", lead), ("wall", wall), ("phone", room)):
                    judge.see(f"{name}, {kind} shown", path)
        journey = reverse("map", args=[bouquet.pk])
        judge.page.goto(judge.url + journey)
        expect(judge.page.locator(".on-map")).to_be_visible()
        judge.judge("a workshop is on", "#workshop-now")
        meeting.go_to(made, steps["show"].pk, by=by_anna)
        stage = bouquet.stages.first()
        meeting.spotlight(made, f"stage:{stage.pk.hex}", by=by_anna)
        judge.see("wall, a stage of the map in the spotlight", wall)
        judge.page.goto(judge.url + room)
        expect(judge.page.locator("#wall-here")).to_be_visible()
        judge.judge("phone beside the wall")
        judge.see("panel, at its end", lead)
        back = guests.join(made, "Игорь")
        guests.remove(made, back.pk, by=by_anna)
        guests.join(made, "Игорь")
        judge.see("panel, a namesake", lead)
        judge.page.locator(".panel-more summary").first.click()
        judge.page.locator("form[hx-post*=remove] .button-danger").first.click()
        expect(judge.page.locator("#confirm-also")).to_be_visible()
        judge.judge("shown out", "#confirm")
        judge.page.keyboard.press("Escape")
        judge.menu("lead-menu")
        meeting.end(made, by=by_anna)
        judge.see("outcome", reverse("outcome", args=[made.pk]))
        judge.see("phone, over", room)
        judge.dialog("an address", ".phone-foot [data-open-dialog]", "#leave-address")
        Address.objects.create(guest=made.guests.first(), email="m@example.org", language="ru")
        judge.see("phone, an address left", room)
        judge.see("outcome, asked for", reverse("outcome", args=[made.pk]))
        Workshop.objects.update(outcome_token="x", outcome_sent=2, outcome_sent_at=timezone.now())
        judge.see("phone, the outcome sent", room)
        judge.see("agendas of the team", reverse("new_workshop", args=[bouquet.pk]))


def answer(workshop, kind: str) -> None:
    """What the guest gives in a step."""
    guest = workshop.guests.get()
    guest.workshop = workshop = type(workshop).objects.select_related("step").get(pk=workshop.pk)
    step = workshop.step
    if kind == "write":
        stage = workshop.journey.stages.first()
        writing.add_card(
            guest, id=uuid7(), step=step.pk, stage=stage.pk, text="Нет", by=actor_of(guest)
        )
    elif kind == "vote":
        card = candidates(step).first()
        voting.vote(guest, step=step.pk, card=card.pk, count=2)
    else:
        subject = subjects(step)[0]
        voting.rate(guest, step=step.pk, subject=subject.ref, aspect="effort", value=2)
