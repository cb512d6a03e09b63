"""Run by `Site` on its own data folder: makes the people, and tells how each is signed in."""

import json

import django

django.setup()

from django.db import transaction  # noqa: E402 after setup
from django.test import Client  # noqa: E402

from teams.models import Membership, Role, User, Workspace  # noqa: E402

TEAM = {
    Role.OWNER: ["Anna"],
    Role.EDITOR: ["Boris", "Vera", "Dina", "Egor", "Zoya", "Ivan", "Kira", "Lev"],
    Role.VIEWER: ["Maya", "Nina", "Oleg"],
}


def person(name: str, role: str, workspace: Workspace) -> dict:
    user = User.objects.create_user(f"{name.lower()}@example.org", name=name)
    member = Membership.objects.create(workspace=workspace, user=user, role=role)
    browser = Client()
    browser.force_login(user)
    session = browser.cookies["sessionid"].value
    return {
        "name": name,
        "role": role,
        "session": session,
        "key": f"member:{user.pk}",
        "member": member.pk,
    }


if __name__ == "__main__":
    with transaction.atomic():
        flowers = Workspace.objects.create(name="Flowers", slug="flowers")
        garage = Workspace.objects.create(name="Garage", slug="garage")
        team = [person(name, role, flowers) for role, names in TEAM.items() for name in names]
        leaver = person("Foma", Role.VIEWER, flowers)  # who is removed from the team in each run
        gleb = person("Gleb", Role.OWNER, garage)
        print(json.dumps({"team": team, "leaver": leaver, "gleb": gleb}))
