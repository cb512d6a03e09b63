from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "journeys"

    def ready(self) -> None:
        from teams.personal import keepers

        from .personal import KEEPER

        keepers.append(KEEPER)
