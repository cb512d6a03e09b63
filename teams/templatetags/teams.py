"""`{% load teams %}`"""

from django import template

from teams import access
from teams.models import Workspace

register = template.Library()


@register.simple_tag(takes_context=True)
def my_workspaces(context) -> list[Workspace]:
    """`{% my_workspaces as workspaces %}`: the reader's, with `role`. One query."""
    return access.workspaces_of(context["request"].user)
