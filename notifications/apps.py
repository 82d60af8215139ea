from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("通知")

    def ready(self):
        from notifications import checks, digest, notices, reactions  # noqa: F401  (checks and reactions register themselves)

        notices.register()
        digest.register()
