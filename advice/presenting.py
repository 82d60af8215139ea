"""An inquiry as plain data for one actor: masked, with its moves. What REST answers."""

from django.urls import reverse
from django.utils import timezone

from advice.facts import needs_of
from advice.workflow import LIFE
from referrals.attachments import row_of as file_row
from referrals.models import Referral
from referrals.parties import is_party
from referrals.presenting import hand_of

CONTENT = ("question", "done", "vitals", "medications")


def row_of(inquiry, actor) -> dict:
    """What a list shows: references, status, hand and deadline; the patient masked, no word of the thread."""
    return {
        "number": inquiry.number,
        "urgency": inquiry.urgency,
        "status": inquiry.status,
        "status_label": str(LIFE.states[inquiry.status].label),
        "patient": inquiry.patient.public_id if inquiry.patient_id else None,
        "patient_shown": inquiry.patient.shown_to(actor, "masked", numbers=False) if inquiry.patient_id else None,
        "age": inquiry.age,
        "sex": inquiry.sex or None,
        "sender": inquiry.sender.code,
        "receiver": inquiry.receiver.code,
        "department": inquiry.department.code,
        "hand": hand_of(inquiry),
        "deadline": inquiry.deadline,
        "overdue": inquiry.status == "open" and inquiry.deadline < timezone.now(),
        "version": inquiry.version,
        "created_at": inquiry.created_at,
        "answered_at": inquiry.answered_at,
        "ended_at": inquiry.ended_at,
    }


def detail_of(inquiry, actor, entries, *, opened: bool) -> dict:
    """The whole inquiry; what was written only where it could be `opened` (`parties.open_for`)."""
    data = row_of(inquiry, actor)
    if opened and inquiry.patient_id and inquiry.is_live and is_party(inquiry, actor):
        data["patient_shown"] = inquiry.patient.shown_to(actor, "party", numbers=False)
    data |= {
        "author": inquiry.author_name,
        "phones": {"author": inquiry.author_phone, "department": inquiry.department.phone},
        "referral": _referral(inquiry, actor),
        "moves": moves_of(inquiry, actor),
        **{name: getattr(inquiry, name) if opened else None for name in CONTENT},
        "entries": [entry_row(entry, opened=opened) for entry in entries],
        "attachments": [_file(inquiry, row) for row in inquiry.attachments.for_showing()] if opened else None,
    }
    return data


def entry_row(entry, *, opened: bool) -> dict:
    """One line of the thread."""
    return {
        "verb": entry.verb,
        "version": entry.version,
        "by": entry.actor_name or None,
        "by_kind": entry.actor_kind,
        "institution": entry.institution.code if entry.institution_id else None,
        "written_at": entry.written_at,
        "text": entry.text if opened else "",
        "outcome": (entry.outcome or None) if opened else None,
        "kind": (entry.kind or None) if opened else None,
        "urgency": (entry.urgency or None) if opened else None,
        "department": entry.department.code if opened and entry.department_id else None,
    }


def moves_of(inquiry, actor) -> list[dict]:
    """The moves open to this actor now, with the facts each needs."""
    return [
        {
            "verb": move.verb,
            "label": str(move.label),
            "href": reverse(f"api-advice-{move.verb}", args=[inquiry.number]),
            "needs": needs_of(move.verb, inquiry),
        }
        for move in LIFE.open_to(inquiry, actor)
    ]


def _referral(inquiry, actor) -> str | None:
    """What it became, where the actor may know of it: a draft is the asker's alone."""
    rows = Referral.objects.visible_to(actor).filter(pk=inquiry.referral_id)
    return rows.values_list("number", flat=True).first() if inquiry.referral_id else None


def _file(inquiry, row) -> dict:
    return file_row(row, href=reverse("api-advice-attachment", args=[inquiry.number, row.ordinal]))
