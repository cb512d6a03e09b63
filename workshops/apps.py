from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"

    def ready(self) -> None:
        from changes import undo
        from journeys import wording
        from teams.actors import GRANTS
        from teams.personal import keepers

        from . import words
        from .actors import grant_of
        from .personal import KEEPER

        GRANTS["guest"] = grant_of
        wording.learn(words.VERBS)
        undo.NEVER.update(words.VERBS)
        keepers.append(KEEPER)
