"""Showing what is masked, to somebody who says why."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from records import masking
from records.access import open_record, require_basis
from records.models import Patient
from toolkit.refusals import Findings

REVEALABLE = ("name", "birth_date", "identifiers", "phone", "address", "next_of_kin")
SHORTEST_REASON, LONGEST_REASON = 4, 150


@transaction.atomic
def reveal(*, actor, patient: Patient, fields, reason: str, route: str = "") -> dict:
    """The full values of `fields` (any of `REVEALABLE`); the reason goes into the access entry."""
    require_basis(actor, patient)
    actor.require("patient.reveal")
    reason = " ".join((reason or "").split())
    wanted = [name for name in REVEALABLE if name in set(fields)]
    _check(set(fields), reason)
    open_record(actor, patient, purpose=f"reveal {','.join(wanted)}: {reason}", route=route)
    whole = masking.shown(patient, "full")
    return {name: whole[name] for name in wanted}


def _check(fields: set, reason: str) -> None:
    findings = Findings()
    if not fields or fields - set(REVEALABLE):
        words = _("请从下列项目中选择要查看的内容：%(fields)s。") % {"fields": ", ".join(REVEALABLE)}
        findings.add("/fields", "unknown_field", words)
    if len(reason) < SHORTEST_REASON or not reason.isprintable():
        words = _("请写明查看完整信息的理由，至少 %(least)s 个字。") % {"least": SHORTEST_REASON}
        findings.add("/reason", "reason_needed", words)
    elif len(reason) > LONGEST_REASON:
        findings.add("/reason", "too_long", _("理由最多 %(most)s 个字。") % {"most": LONGEST_REASON})
    findings.raise_if_any()
