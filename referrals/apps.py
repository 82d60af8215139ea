from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = _("转诊")

    def ready(self):
        from events import documenting
        from referrals import (  # noqa: F401 - reactions register themselves
            digest,
            files,
            notices,
            patient_notices,
            reactions,
            workflow,
        )
        from referrals.indications import loading
        from toolkit.crypto.rotation import STORES

        notices.register_all()
        patient_notices.register_all()
        digest.register()
        documenting.publish(workflow.LIFE)
        STORES["referrals.StoredFile"] = files.rewrite
        post_migrate.connect(loading.write_missing, sender=self, dispatch_uid="referrals.indications")
