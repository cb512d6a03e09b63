"""The flower shop: Anna owns it, Boris edits, Vera reads. Gleb has a garage of his own."""

import pytest
from django.test import Client

from teams.models import Membership, Role, User, Workspace

PASSWORD = "tulips in the morning"


def person(name: str, **fields) -> User:
    return User.objects.create_user(f"{name.lower()}@example.org", PASSWORD, name=name, **fields)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def role_of(user: User, workspace: Workspace) -> str | None:
    found = Membership.objects.filter(user=user, workspace=workspace)
    return found.values_list("role", flat=True).first()


@pytest.fixture
def flowers(db) -> Workspace:
    return Workspace.objects.create(name="Цветы", slug="flowers")


@pytest.fixture
def anna(flowers) -> User:
    anna = person("Anna")
    Membership.objects.create(workspace=flowers, user=anna, role=Role.OWNER)
    return anna


@pytest.fixture
def boris(flowers, anna) -> User:
    boris = person("Boris")
    Membership.objects.create(workspace=flowers, user=boris, role=Role.EDITOR)
    return boris


@pytest.fixture
def vera(flowers, anna) -> User:
    vera = person("Vera")
    Membership.objects.create(workspace=flowers, user=vera, role=Role.VIEWER)
    return vera


@pytest.fixture
def garage(db) -> Workspace:
    return Workspace.objects.create(name="Garage", slug="garage")


@pytest.fixture
def gleb(garage) -> User:
    gleb = person("Gleb")
    Membership.objects.create(workspace=garage, user=gleb, role=Role.OWNER)
    return gleb
