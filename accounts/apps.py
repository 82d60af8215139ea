from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from events.actor import PERMISSION_WORDS

        from . import schema  # noqa: F401  (registers the schemes)
        from .roles import needed_words

        PERMISSION_WORDS.update(needed_words())
