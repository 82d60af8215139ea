from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = _("转诊")

    def ready(self):
        from referrals import (
            notices,
            reactions,  # noqa: F401 - registers itself
        )

        notices.register_all()
