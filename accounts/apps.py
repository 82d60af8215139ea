from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from events.actor import PERMISSION_WORDS

        from .roles import needed_words

        PERMISSION_WORDS.update(needed_words())
