from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from events.actor import PERMISSION_WORDS

        from . import lockouts, notices, schema  # noqa: F401  (lockouts and the schemes register themselves)
        from .roles import needed_words

        PERMISSION_WORDS.update(needed_words())
        notices.register()
