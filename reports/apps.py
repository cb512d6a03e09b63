from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from teams.personal import keepers

        from .personal import KEEPER

        keepers.append(KEEPER)
