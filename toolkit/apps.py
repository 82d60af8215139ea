from django.apps import AppConfig


class ToolkitConfig(AppConfig):
    name = "toolkit"
    label = "toolkit"

    def ready(self):
        from . import checks  # noqa: F401  (registers the system checks)
        from .pages import sentences

        sentences.speak()
