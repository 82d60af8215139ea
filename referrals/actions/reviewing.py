"""The consortium office's review of a use of the green channel: once, and then only corrected, with the reason."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.actor import missing_permission
from events.log import record
from events.workflow import check_version
from referrals import codes
from referrals.beside import is_reviewable, next_look
from referrals.models import GreenReview, Referral
from referrals.parties import oversees
from referrals.values import text_of
from toolkit.refusals import Conflict, Findings, Forbidden, Refusal, Refused

MOST_WORDS = 2000


@transaction.atomic
def review_green(
    referral, *, actor, version=None, verdict="", times_kept=None, remark="", corrects=None, reason=""
) -> GreenReview:
    """Record what the office finds; `corrects` is the version of the review that this one replaces, with `reason`.

    Refused unless the actor is of the office of the referral's own consortium and the use is over; a `Conflict` where
    somebody else has reviewed or corrected it meanwhile. Both sides are told the verdict.
    """
    rows = Referral.objects.select_for_update(of=("self",)).select_related("sender", "receiver", "department")
    locked = rows.get(pk=referral.pk)
    check_version(locked, version)
    refusal = why_not_reviewed(locked, actor)
    if refusal:
        raise refusal
    last = latest_review(locked)
    _check_turn(last, corrects)
    words = {"remark": remark.strip(), "reason": reason.strip() if last else ""}
    _check(verdict, times_kept, correcting=last is not None, **words)
    review = GreenReview.objects.create(
        referral=locked,
        version=last.version + 1 if last else 1,
        verdict=verdict,
        times_kept=times_kept,
        reviewer_name=actor.name,
        institution_id=actor.institution_id,
        **{name: text or None for name, text in words.items()},
    )
    _take_off_the_list(locked)
    told = {"verdict": verdict, "review": review.version, "target": locked.status}
    house = actor.institution_id
    record("referral.reviewed", actor=actor, subject=locked, actor_institution=house, **locked.references(), **told)
    referral.__dict__.update(locked.__dict__)
    return review


def why_not_reviewed(referral, actor) -> Refusal | None:
    """Why this actor cannot review this referral now, or None."""
    if not actor.may("referral.oversee"):
        return Forbidden(missing_permission("referral.oversee"), code="wrong_role")
    if not oversees(referral, actor):
        return Forbidden(_("绿色通道的使用由该转诊所在医联体的办公室评审。"), code="wrong_side")
    if actor.user_id is None:
        return Forbidden(_("评审须由办公室人员本人办理，请注明代表的工号。"), code="person_needed")
    if actor.user_id == referral.author_id:
        return Forbidden(_("须由转诊医生以外的另一位同事办理。"), code="second_person")
    if not is_reviewable(referral):
        return Refused(_("绿色通道转诊在患者到诊或转诊结束以后评审；普通转诊和已作废的不评审。"), code="not_reviewable")
    return None


def latest_review(referral) -> GreenReview | None:
    """The one that counts."""
    return referral.green_reviews.order_by("-version").first()


def _check_turn(last, corrects) -> None:
    if last is None and corrects is not None:
        raise Refused.of("/corrects", "none", _("还没有评审，不能更正；请去掉此项后提交评审。"))
    if last is not None and corrects is None:
        words = _("已由%(name)s评审。如需更正，请写明更正的是第几版（第 %(version)s 版）和更正理由。")
        raise Conflict(words % {"name": last.reviewer_name, "version": last.version}, code="reviewed")
    if last is not None and corrects != last.version:
        words = _("评审已更正到第 %(version)s 版，请刷新后查看再更正。")
        raise Conflict(words % {"version": last.version}, code="corrected")


def _check(verdict, times_kept, *, correcting: bool, remark: str, reason: str) -> None:
    findings = Findings()
    if verdict not in codes.GREEN_VERDICTS:
        findings.add("/verdict", "choice", _("请选择使用是否恰当。"))
    if not isinstance(times_kept, bool):
        findings.add("/times_kept", "required", _("请选择时限是否符合要求。"))
    if verdict in codes.COMMENTED["green_verdicts"] and not remark:
        findings.add("/remark", "required", _("不是“使用恰当”时请写明评审意见。"))
    if correcting and not reason:
        findings.add("/reason", "required", _("请写明更正理由。"))
    for name, text in (("remark", remark), ("reason", reason)):
        text_of(findings, f"/{name}", text, MOST_WORDS)
    findings.raise_if_any()


def _take_off_the_list(referral) -> None:
    """The referral itself has not moved: nobody's open form turns stale."""
    referral.review_due, referral.review_rung = None, 0
    referral.beside_at = next_look(referral)
    referral.save(update_fields=["review_due", "review_rung", "beside_at"])
