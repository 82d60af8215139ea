"""Files of a referral: attached by either side, withdrawn by whose they are, carried along where it goes on.

What is asked of a file and of its owner is the same for everything that has `attachments` (`AttachedFile`).
"""

import re
import unicodedata
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.actor import system_actor
from records.codes import Sex
from referrals import codes, files, limits
from referrals.models import Attachment
from referrals.parties import may_read
from referrals.workflow import LIFE
from toolkit.refusals import Conflict, Findings, Forbidden, Refused

LONGEST_TITLE = 100
LONGEST_NAME = 120
SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}
GOES_ALONG = ("kind", "title", "file_name", "stored_id", "institution_id", "added_by_id", "added_by_name", "added_at")


def attach(referral, *, actor, clean, kind="", title="", file_name="") -> Attachment:
    """Add a file that was looked at (`toolkit.uploads.Clean`); `file_name` is what its owner called it.

    Written before its row; where the act does not come to its end the bytes go again.
    """
    check_words(kind, title)
    with files.keeping() as keep, LIFE.moving(referral, "attach", actor=actor) as passage:
        mine = passage.subject
        words = {"kind": kind, "title": title, "file_name": file_name}
        attachment = add_file(mine, keep, actor=actor, clean=clean, patient=mine.patient, **words)
        passage.facts.update(attachment=attachment.ordinal, attached=kind)
        passage.facts["event_facts"] = {"attachment": attachment.ordinal}
        if mine.status == "draft":
            mine.touched_at = passage.recorded_at
            mine.look_at = mine.touched_at + limits.DRAFT_KEPT
    return attachment


def add_file(owner, keep, *, actor, clean, patient, kind, title, file_name):
    """The next of the owner's `attachments`; `keep` is that of `files.keeping`, `patient` None where nobody is named.

    Inside the act that has the owner locked.
    """
    check_room(owner)
    stored = keep(clean, clean.facts | _contradictions(clean.patient, patient))
    _refuse_again(owner, stored)
    last = owner.attachments.aggregate(last=Max("ordinal"))["last"] or 0
    return owner.attachments.create(
        ordinal=last + 1,
        kind=kind,
        title=title.strip(),
        file_name=cleaned_name(file_name),
        stored=stored,
        institution_id=actor.institution_id or owner.sender_id,
        added_by_id=actor.user_id,
        added_by_name=actor.name,
    )


def check_room(owner) -> None:
    """`Refused` where it has as many files as it may have; those withdrawn do not count."""
    if owner.attachments.standing().count() >= settings.ATTACHMENTS_MOST:
        words = _("最多 %(most)s 个附件；请先撤回不需要的，或合并成一个 PDF。")
        raise Refused.of("/file", "too_many_files", words % {"most": settings.ATTACHMENTS_MOST})


@transaction.atomic
def withdraw_attachment(attachment, *, actor, reason="") -> Attachment:
    """Taken back by the side that attached it, with a reason, and wherever the same file was carried to.

    The row stays, the bytes are opened for nobody any more.
    """
    referral, reason = attachment.referral, checked_reason(reason)
    with LIFE.moving(referral, "withdraw_attachment", actor=actor, reason=reason) as passage:
        mine = passage.subject
        check_withdrawable(attachment, mine, allowed=actor.is_machine or may_withdraw(attachment, mine, actor))
        withdraw_row(attachment, passage, by=actor.name, reason=reason)
    withdraw_twins(attachment, actor=actor, reason=reason)
    attachment.refresh_from_db()
    return attachment


def withdraw_twins(attachment, *, actor, reason: str) -> None:
    """Of the same file wherever a referral has it; in the name of `actor`, whoever may work there."""
    system = replace(system_actor(), request_id=actor.request_id)
    for twin in attachment.stored.attachments.standing().select_related("referral").order_by("pk"):
        with LIFE.moving(twin.referral, "withdraw_attachment", actor=system, reason=reason) as passage:
            withdraw_row(twin, passage, by=actor.name, reason=reason)


def checked_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) > LONGEST_TITLE:
        raise Refused.of("/reason", "too_long", _("撤回原因最多 %(most)s 字。") % {"most": LONGEST_TITLE})
    return reason


def may_withdraw(attachment, referral, actor) -> bool:
    """Whose it is; of a house that is no party of this referral (any more) the sender answers for it."""
    owner = attachment.institution_id
    orphaned = owner not in (referral.sender_id, referral.receiver_id)
    return may_read(referral, actor) and actor.institution_id == (referral.sender_id if orphaned else owner)


def carry(referral, successor, *, of=None) -> None:
    """The files that stand go on with the patient: new rows, the same bytes. `of` only one institution's.

    `referral` may be anything with `attachments`, `successor` is a referral without any.
    """
    rows = referral.attachments.standing().order_by("ordinal")
    rows = rows if of is None else rows.filter(institution_id=of)
    for ordinal, row in enumerate(list(rows), start=1):
        Attachment.objects.create(
            referral=successor, ordinal=ordinal, **{name: getattr(row, name) for name in GOES_ALONG}
        )


def cleaned_name(name: str) -> str:
    """What a file was called, without folders and without marks that are not for reading."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = "".join(mark for mark in name if unicodedata.category(mark)[0] != "C")
    return " ".join(name.split())[-LONGEST_NAME:].strip(". ")


def check_words(kind, title) -> None:
    findings = Findings()
    if kind not in codes.ATTACHMENT_KINDS:
        findings.add("/kind", "choice", _("请选择附件类别。"))
    if len(title) > LONGEST_TITLE:
        findings.add("/title", "too_long", _("附件名称最多 %(most)s 字。") % {"most": LONGEST_TITLE})
    findings.raise_if_any()


def _contradictions(said: dict, patient) -> dict:
    """What a picture's header says of whom it shows, against the registration; only what both are sure of counts."""
    differs = []
    if patient is None:
        return {}
    sex = SEXES.get(said.get("sex"))
    if sex and patient.sex in SEXES.values() and sex != patient.sex:
        differs.append("sex")
    born = said.get("birth_date")
    if born and patient.birth_date and born != patient.birth_date.isoformat():
        differs.append("birth_date")
    return {"differs": differs} if differs else {}


def _refuse_again(owner, stored) -> None:
    """The second click, and the same paper twice."""
    same = owner.attachments.standing().filter(stored__sha256=stored.sha256).first()
    if same:
        raise Conflict(_("这个文件已是附件 %(number)s，无需重复添加。") % {"number": same.ordinal}, code="exists")


def check_withdrawable(attachment, owner, *, allowed: bool) -> None:
    if not allowed:
        raise Forbidden(_("附件由添加它的一方撤回，请联系对方。"), code="not_yours")
    if not owner.attachments.standing().filter(pk=attachment.pk).exists():
        raise Refused(_("这个附件已经撤回。"), code="withdrawn")


def withdraw_row(attachment, passage, *, by: str, reason: str) -> None:
    attachment.withdrawn_at, attachment.withdrawn_reason = timezone.now(), reason
    attachment.withdrawn_by_name = by
    attachment.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by_name"])
    passage.facts["attachment"] = attachment.ordinal
    passage.facts["event_facts"] = {"attachment": attachment.ordinal}
