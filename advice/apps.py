from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdviceConfig(AppConfig):
    name = "advice"
    verbose_name = _("转诊前咨询")

    def ready(self):
        from advice import (
            codes,
            notices,
            origins,
            reactions,  # noqa: F401 - they register themselves
            stamps,
            workflow,
        )
        from advice.actions.converting import LINK
        from events import documenting
        from referrals import codes as referral_codes
        from referrals import limits
        from referrals import origins as referral_origins
        from referrals.actions import limiting

        notices.register_all()
        documenting.publish(workflow.LIFE)
        referral_origins.register(LINK, origins.describe, origins.names_patient)
        limits.register(
            stamps.STEP,
            {"urgent": limits.Limit(240, "working_minutes"), "routine": limits.Limit(2, "working_days")},
        )
        referral_codes.CODE_LISTS["advice_outcomes"] = codes.OUTCOMES
        limiting.STEPS[stamps.STEP] = _("答复咨询")
