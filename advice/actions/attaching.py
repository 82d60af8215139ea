"""Files of an inquiry: looked at, sealed and taken back like those of a referral."""

from dataclasses import replace

from django.db import transaction

from advice.models import InquiryAttachment
from advice.parties import may_read
from advice.workflow import LIFE
from events.actor import system_actor
from referrals import files
from referrals.actions.attaching import (
    add_file,
    check_withdrawable,
    check_words,
    checked_reason,
    withdraw_row,
    withdraw_twins,
)


def attach(inquiry, *, actor, clean, kind="", title="", file_name="") -> InquiryAttachment:
    """Add a file that was looked at (`toolkit.uploads.Clean`)."""
    check_words(kind, title)
    with files.keeping() as keep, LIFE.moving(inquiry, "attach", actor=actor) as passage:
        mine = passage.subject
        words = {"kind": kind, "title": title, "file_name": file_name}
        added = add_file(mine, keep, actor=actor, clean=clean, patient=mine.patient, **words)
        passage.facts.update(attachment=added.ordinal, attached=kind)
        passage.facts["event_facts"] = {"attachment": added.ordinal}
    return added


@transaction.atomic
def withdraw_attachment(attachment, *, actor, reason="") -> InquiryAttachment:
    """Taken back by the side that attached it, with a reason, and in the referral it was carried to."""
    reason = checked_reason(reason)
    with LIFE.moving(attachment.inquiry, "withdraw_attachment", actor=actor, reason=reason) as passage:
        allowed = actor.is_machine or may_withdraw(attachment, passage.subject, actor)
        check_withdrawable(attachment, passage.subject, allowed=allowed)
        withdraw_row(attachment, passage, by=actor.name, reason=reason)
    withdraw_twins(attachment, actor=actor, reason=reason)
    attachment.refresh_from_db()
    return attachment


def withdraw_carried(attachment, *, by: str, reason: str, request_id: str = "") -> None:
    """The same file was taken back in the referral it was carried to."""
    system = replace(system_actor(), request_id=request_id)
    with LIFE.moving(attachment.inquiry, "withdraw_attachment", actor=system, reason=reason) as passage:
        withdraw_row(attachment, passage, by=by, reason=reason)


def may_withdraw(attachment, inquiry, actor) -> bool:
    return may_read(inquiry, actor) and actor.institution_id == attachment.institution_id
