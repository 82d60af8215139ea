"""How one wants to be told. Private to the person: no event is recorded."""

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.actions.robots import check_quiet
from notifications.models import Preference
from toolkit.refusals import Findings, Forbidden


@transaction.atomic
def set_preference(
    *, actor, urgent_email, urgent_sms, ordinary_email, ordinary_sms, quiet_from=None, quiet_to=None
) -> Preference:
    """The own ones, whole. Pointers of the refusal: the names."""
    if actor.kind != "user":
        raise Forbidden(_("只有登录的人员可以设置自己的通知方式。"))
    findings = Findings()
    if not (urgent_email or urgent_sms):
        findings.add("/urgent_email", "unheard", _("紧急事项请至少保留一种：电子邮件或短信。"))
    check_quiet(findings, quiet_from, quiet_to)
    findings.raise_if_any()
    values = {
        "urgent_email": urgent_email,
        "urgent_sms": urgent_sms,
        "ordinary_email": ordinary_email,
        "ordinary_sms": ordinary_sms,
        "quiet_from": quiet_from,
        "quiet_to": quiet_to,
    }
    return Preference.objects.update_or_create(user_id=actor.user_id, defaults=values)[0]
