"""The demo: a workspace with three real maps to look at and to try things on."""

from django.db import transaction

from journeys.catalogues import demo_maps
from journeys.edits.maps import create_map
from journeys.formats import map_json
from teams.actors import system
from teams.models import Workspace
from teams.slugs import DEMO


@transaction.atomic
def make_demo(language: str) -> Workspace:
    """The demo workspace with its maps in `language`; the one that is there if there is one."""
    demo, made = Workspace.objects.get_or_create(
        slug=DEMO, defaults={"name": "Демо" if language == "ru" else "Demo", "is_demo": True}
    )
    if made:
        for data in demo_maps(language):
            plan, _remarks = map_json.parse(data)
            create_map(plan, workspace=demo, by=system("demo"))
    return demo
