"""An office switches an indication off for its consortium, or on again; each time with its reason, on record."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.log import record
from institutions.models import Consortium
from referrals.models import Indication, IndicationSwitch
from toolkit.refusals import Conflict, Missing, Refused

LONGEST_REASON = 200


@transaction.atomic
def switch_indication(*, actor, consortium, code: str, on: bool, reason: str) -> IndicationSwitch:
    """Switch the rule for this consortium from now on; what referrals keep of it stays as it is."""
    if not may_switch(actor, consortium):
        if actor.kind != "system" and consortium.pk not in actor.consortium_ids:
            raise Missing(_("没有找到该医联体。"))
        actor.require("consortium.manage")
        raise Missing(_("没有找到该医联体。"))
    reason = reason.strip()
    if not 2 <= len(reason) <= LONGEST_REASON:
        words = _("请写明理由，2 至 %(most)s 字。") % {"most": LONGEST_REASON}
        raise Refused.of("/reason", "required" if len(reason) < 2 else "too_long", words)
    Consortium.objects.select_for_update().get(pk=consortium.pk)  # two clicks come one after the other
    rule = Indication.objects.told_on_in(consortium.pk).filter(code=code).first()
    if rule is None:
        raise Missing(_("没有这条转诊指征。"))
    if rule.is_on is on:
        raise Conflict(_("该指征已是这个状态，请刷新页面。"), code="already")
    row = IndicationSwitch.objects.create(
        consortium=consortium, code=code, on=on, reason=reason, by_id=actor.user_id, by_name=actor.name
    )
    name = "indication.switched_on" if on else "indication.switched_off"
    record(name, actor=actor, subject=f"consortium:{consortium.code}", rule=code)
    return row


def may_switch(actor, consortium) -> bool:
    """Whether the actor looks after this consortium."""
    return actor.kind == "system" or (actor.may("consortium.manage") and consortium.pk in actor.home_ids)
