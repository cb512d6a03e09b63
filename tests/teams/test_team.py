import pytest

from teams import edits, membership
from teams.actors import member
from teams.models import Membership, Role, User, Workspace
from tests.support.people import person, role_of, signed_in

pytestmark = pytest.mark.django_db
TEAM = "/w/flowers/team/"


def in_team(user: User, workspace: Workspace) -> Membership:
    return workspace.memberships.get(user=user)


@pytest.fixture
def told(monkeypatch) -> list:
    """The workspaces whose open streams were told that rights have changed."""
    told: list = []
    monkeypatch.setattr(membership, "on_rights_changed", [told.append])
    return told


def test_the_owner_sees_controls_the_viewer_only_names(anna, boris, vera):
    assert "/role/" in signed_in(anna).get(TEAM).text
    seen = signed_in(vera).get(TEAM).text
    assert "Boris" in seen
    for control in ("/role/", "/remove/", "/reset/", "/invitations/", "/rename/", boris.email):
        assert control not in seen


def test_the_owner_changes_a_role(anna, vera, flowers, told):
    pk = in_team(vera, flowers).pk
    assert signed_in(anna).post(f"{TEAM}{pk}/role/", {"role": "editor"}).url == TEAM
    assert role_of(vera, flowers) == "editor"
    assert told == [flowers.pk]


def test_the_owner_removes_a_member(anna, vera, flowers, told):
    signed_in(anna).post(f"{TEAM}{in_team(vera, flowers).pk}/remove/")
    assert role_of(vera, flowers) is None
    assert told == [flowers.pk]
    assert signed_in(vera).get(TEAM).status_code == 404


@pytest.mark.parametrize("act", ["role", "remove", "leave"])
def test_the_last_owner_stays_and_the_page_says_why(anna, boris, flowers, told, act):
    client = signed_in(anna)
    client.cookies["language"] = "en"
    path = f"{TEAM}leave/" if act == "leave" else f"{TEAM}{in_team(anna, flowers).pk}/{act}/"
    answer = client.post(path, {"role": "viewer"})
    assert answer.status_code == 409
    assert "A team needs an owner" in answer.text
    assert role_of(anna, flowers) == "owner"
    assert told == []


def test_one_of_two_owners_may_go(anna, boris, flowers):
    edits.change_role(in_team(boris, flowers), Role.OWNER, by=member(anna))
    assert signed_in(anna).post(f"{TEAM}leave/").url == "/"
    assert role_of(anna, flowers) is None


def test_a_viewer_may_leave(vera, flowers, told):
    signed_in(vera).post(f"{TEAM}leave/")
    assert role_of(vera, flowers) is None
    assert told == [flowers.pk]


def test_the_right_is_asked_again_at_the_edit(boris, vera, flowers):
    with pytest.raises(edits.PermissionDenied):
        edits.change_role(in_team(vera, flowers), Role.OWNER, by=member(boris))


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("rename/", {"name": "Taken over"}),
        ("team/{vera}/role/", {"role": "owner"}),
        ("team/{vera}/remove/", {}),
        ("team/{vera}/reset/", {}),
        ("team/invitations/", {"role": "viewer"}),
    ],
)
def test_only_owners_manage(anna, boris, vera, gleb, flowers, path, data):
    address = "/w/flowers/" + path.format(vera=in_team(vera, flowers).pk)
    assert signed_in(boris).post(address, data).status_code == 403
    assert signed_in(vera).post(address, data).status_code == 403
    assert signed_in(gleb).post(address, data).status_code == 404
    assert signed_in(anna).post(address, data).status_code in (200, 302)


def test_a_member_of_another_team_is_not_found_here(anna, gleb, garage):
    stranger = in_team(gleb, garage)
    assert signed_in(anna).post(f"{TEAM}{stranger.pk}/remove/").status_code == 404
    assert role_of(gleb, garage) == "owner"


def test_a_lost_password_is_helped_by_the_owners_link(anna, vera, flowers, client):
    page = signed_in(anna).post(f"{TEAM}{in_team(vera, flowers).pk}/reset/")
    link = page.context["reset"]["link"]
    assert link in page.text
    client.post(link.removeprefix("http://testserver"))
    assert client.post("/account/password/", {"new": "peonies at noon"}).status_code == 200
    vera.refresh_from_db()
    assert vera.check_password("peonies at noon")


def test_no_owner_gets_the_key_to_anothers_team(anna, gleb, flowers):
    Membership.objects.create(workspace=flowers, user=gleb, role=Role.VIEWER)
    client = signed_in(anna)
    client.cookies["language"] = "en"
    answer = client.post(f"{TEAM}{in_team(gleb, flowers).pk}/reset/")
    assert answer.status_code == 409
    assert "manage.py sign_in_link gleb@example.org" in answer.text


def test_a_renamed_workspace_keeps_its_address(anna, flowers):
    signed_in(anna).post("/w/flowers/rename/", {"name": "Цветы и подарки"})
    flowers.refresh_from_db()
    assert (flowers.name, flowers.slug) == ("Цветы и подарки", "flowers")


def test_an_empty_name_is_refused(anna, flowers):
    assert signed_in(anna).post("/w/flowers/rename/", {"name": " "}).status_code == 422


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Щётки и Ёлки", "shchyotki-i-yolki"),
        ("Café Ünal", "cafe-unal"),
        ("花", "team"),
        ("Demo", "demo-2"),
        ("Flowers", "flowers-2"),
    ],
)
def test_the_address_is_made_from_the_name(anna, flowers, name, slug):
    answer = signed_in(anna).post("/workspaces/new/", {"name": name})
    assert answer.url == f"/w/{slug}/"
    assert role_of(anna, Workspace.objects.get(slug=slug)) == "owner"


@pytest.fixture
def demo(anna) -> Workspace:
    demo = Workspace.objects.create(name="Demo", slug="demo", is_demo=True)
    Membership.objects.create(workspace=demo, user=anna, role=Role.OWNER)
    return demo


def test_the_demo_goes_after_a_word_about_what_goes(anna, demo, told):
    client = signed_in(anna)
    client.cookies["language"] = "en"
    assert "All its maps and personas go for good" in client.get("/w/demo/remove/").text
    assert client.post("/w/demo/remove/").url == "/"
    assert not Workspace.objects.filter(is_demo=True).exists()
    assert told == [demo.pk]


def test_a_teams_own_workspace_is_not_removed_like_the_demo(anna, flowers):
    assert signed_in(anna).post("/w/flowers/remove/").status_code == 404
    assert Workspace.objects.filter(pk=flowers.pk).exists()


def test_home_leads_to_ones_own_workspace_before_the_demo(anna, demo):
    assert signed_in(anna).get("/").url == "/w/flowers/"


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_asks_as_much_for_five_members_as_for_three(
    anna, boris, vera, flowers, more, django_assert_num_queries
):
    for number in range(more):
        Membership.objects.create(
            workspace=flowers, user=person(f"Guest{number}"), role=Role.VIEWER
        )
    for _ in range(more + 1):
        edits.invite(flowers, Role.VIEWER, by=member(anna))
    client = signed_in(anna)
    # Session, user, workspace with role, members, invitations; the workspaces to switch to.
    with django_assert_num_queries(6):
        client.get(TEAM)
