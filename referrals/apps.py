from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = _("转诊")

    def ready(self):
        from events import documenting
        from referrals import files, notices, reactions, workflow  # noqa: F401 - reactions register themselves
        from toolkit.crypto.rotation import STORES

        notices.register_all()
        documenting.publish(workflow.LIFE)
        STORES["referrals.StoredFile"] = files.rewrite
