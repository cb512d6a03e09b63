from django.apps import AppConfig


class CjmConfig(AppConfig):
    name = "cjm"
