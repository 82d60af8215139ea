"""What the patient says on his own page: that he cannot come, that he can after all, how it was.

The caller has proved who he is (`referrals.actions.links`); `actor` is then the platform, from the patient's address.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.log import record
from referrals import codes
from referrals.models import PatientRating, PatientWord, Referral
from referrals.models.patient_link import QUESTIONS, SCORES
from referrals.parties import is_party, may_read
from referrals.statuses import DECLINABLE, RATEABLE
from referrals.workflow import LIFE
from toolkit.refusals import Findings, Forbidden, Refused

LONGEST = 200
CHANGEABLE = timedelta(days=7)


@transaction.atomic
def decline(referral, *, actor, reason: str = "", text: str = "") -> PatientWord:
    """我不能来了: both sides hear of it, and it stands on their lists until something is arranged. Twice is once."""
    text = text.strip()
    _check(reason, text)
    held = _held(referral)
    standing = PatientWord.objects.standing().filter(referral=held).first()
    if standing:
        return standing
    _require(held, DECLINABLE, _("现在不能再这样登记了，请直接致电转诊服务台。"))
    with LIFE.moving(held, "patient_declined", actor=actor, remark=text, reason=reason) as passage:
        passage.subject.declined_at = passage.recorded_at
        return PatientWord.objects.create(referral=held, reason=reason, text=text, said_at=passage.recorded_at)


@transaction.atomic
def come_after_all(referral, *, actor) -> None:
    """The word is taken back; where nothing stands (any more) nothing happens."""
    held = _held(referral)
    standing = PatientWord.objects.standing().filter(referral=held)
    if held.status not in DECLINABLE or not standing.exists():
        return
    with LIFE.moving(held, "patient_coming", actor=actor) as passage:
        standing.update(taken_back_at=passage.recorded_at)
        passage.subject.declined_at = None


@transaction.atomic
def rate(referral, *, actor, waiting=None, handover=None, clear=None, text: str = "") -> PatientRating:
    """Three answers from 1 to 5; once for a referral, and for seven days they may be changed."""
    answers, text = dict(zip(QUESTIONS, (waiting, handover, clear), strict=True)), text.strip()
    findings = Findings()
    for name, score in answers.items():
        if score not in SCORES:
            findings.add(f"/{name}", "score", _("请从 1 到 5 中选一个。"))
    if len(text) > LONGEST:
        findings.add("/text", "too_long", _("最多 %(most)s 字。") % {"most": LONGEST})
    findings.raise_if_any()
    held, now = _held(referral), timezone.now()
    given = PatientRating.objects.filter(referral=held).first()
    if given is None:
        _require(held, RATEABLE, _("这次转诊现在不能评价；结束以后再请您评价。"))
        record("rating.given", actor=actor, subject=held)
        return PatientRating.objects.create(referral=held, text=text or None, rated_at=now, changed_at=now, **answers)
    if not is_changeable(given, now):
        raise Refused(_("评价已满 7 天，不能再改。谢谢您。"), code="too_late")
    for name, value in (answers | {"text": text or None, "changed_at": now}).items():
        setattr(given, name, value)
    given.save()
    return given


def is_changeable(rating, now) -> bool:
    return now - rating.rated_at <= CHANGEABLE


@transaction.atomic
def choose_sms(referral, *, actor, wanted: bool) -> None:
    """Whether the patient is told of this referral by short messages; a refusal is on record."""
    changed = Referral.objects.filter(pk=referral.pk, no_sms=wanted).update(no_sms=not wanted)
    if changed:
        record("link.sms_wanted" if wanted else "link.sms_refused", actor=actor, subject=referral)


def choose_sms_for(referral, *, actor, wanted: bool) -> None:
    """The same for a patient who said so at the window: by the parties."""
    if not (is_party(referral, actor) and may_read(referral, actor)):
        raise Forbidden(_("短信提醒由转诊双方设置。"), code="wrong_side")
    actor.require("referral.send")
    choose_sms(referral, actor=actor, wanted=wanted)


def _held(referral) -> Referral:
    rows = Referral.objects.select_for_update(of=("self",)).select_related("sender", "receiver", "department")
    return rows.get(pk=referral.pk)


def _check(reason: str, text: str) -> None:
    findings = Findings()
    if reason not in codes.PATIENT_REASONS:
        findings.add("/reason", "choice", _("请选一个原因。"))
    if len(text) > LONGEST:
        findings.add("/text", "too_long", _("最多 %(most)s 字。") % {"most": LONGEST})
    findings.raise_if_any()


def _require(referral, statuses, words) -> None:
    if referral.status not in statuses:
        raise Refused(words, code="wrong_status")
