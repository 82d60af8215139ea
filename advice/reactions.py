"""What inquiries do when something happened to the referral they became."""

from advice.actions.attaching import withdraw_carried
from advice.models import Inquiry, InquiryAttachment
from advice.workflow import LIFE
from events.actor import clock_actor
from events.reactions import on
from referrals.models import Attachment


@on("referral.discarded")
def take_back_unsent(event):
    """The draft was deleted before anybody saw it: the question waits for its asker again."""
    rows = Inquiry.objects.select_for_update(of=("self",)).filter(referral__number=event.facts["number"])
    for inquiry in rows.filter(status="converted"):
        with LIFE.moving(inquiry, "reopen", actor=clock_actor()) as passage:
            passage.subject.referral = None
            if passage.subject.answered_at is None:
                passage.target = "open"


@on("referral.attachment_withdrawn")
def withdraw_with_referral(event):
    """A file taken back in the referral is taken back in the thread it came from."""
    where = {"referral__number": event.facts["number"], "ordinal": event.facts["attachment"]}
    for gone in Attachment.objects.filter(**where).exclude(withdrawn_at=None):
        twins = InquiryAttachment.objects.standing().filter(stored_id=gone.stored_id).select_related("inquiry")
        for twin in twins.order_by("pk"):
            withdraw_carried(twin, by=gone.withdrawn_by_name, reason=gone.withdrawn_reason)
