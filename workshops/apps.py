from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"

    def ready(self) -> None:
        from changes import undo
        from journeys import wording
        from journeys.edits import maps
        from teams.actors import GRANTS
        from teams.personal import keepers

        from . import words
        from .actors import grant_of
        from .personal import KEEPER
        from .reads.export import workshops_of

        GRANTS["guest"] = grant_of
        maps.BESIDE["workshops"] = workshops_of
        wording.learn(words.VERBS)
        undo.NEVER.update(words.VERBS)
        keepers.append(KEEPER)
