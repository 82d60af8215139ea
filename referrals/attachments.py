"""Files between a referral and whoever brings or reads them: taken in, listed, opened. Pages and REST do the same.

What needs no referral (`look_at`, `find_attachment`, `answer_with`, `row_of`) is for everything with `attachments`.
"""

from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.throttling import hold_back
from referrals import files, presenting
from referrals.actions.attaching import check_room
from referrals.models import AttachedFile
from referrals.workflow import LIFE
from toolkit.refusals import Forbidden, Missing, Refused
from toolkit.uploads import KINDS, Clean, examine
from toolkit.uploads.judging import check_size

PURPOSE = "attachment"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"
SANDBOX = "; sandbox"
"""A browser's own reader of PDF does not start in a sandbox; for everything else there is one."""


def most() -> dict[str, int]:
    """Kind of `toolkit.uploads` → the largest size in bytes."""
    return {
        kind: (settings.ATTACHMENT_MB_DICOM if kind == "dicom" else settings.ATTACHMENT_MB) * 2**20 for kind in KINDS
    }


def receive(referral, actor, upload) -> Clean:
    """What came (an uploaded file), looked at. Asks first whether it may be attached at all, since looking is work.

    To be called outside of the act's transaction: it takes its time.
    """
    refusal = LIFE.why_not(referral, "attach", actor)
    if refusal:
        raise refusal
    return look_at(referral, actor, upload)


def look_at(owner, actor, upload) -> Clean:
    """What came for somebody who may add it to `owner`: its size, how often he sends, what is in it."""
    if upload is None:
        raise Refused.of("/file", "required", _("请选择要添加的文件。"))
    check_room(owner)
    return looked_at(actor, upload)


def looked_at(actor, upload) -> Clean:
    """The same for what comes together with its letter, where there is no owner yet to ask."""
    check_size(upload.size, max(most().values()))
    hold_back("upload", actor)
    return examine(upload.read(), most=most())


def require_open(referral, actor) -> None:
    """Files are read by whoever may read the letter, and by nobody else."""
    if not presenting.is_open(referral, actor):
        raise Forbidden(_("附件只对有查看依据的转诊双方医务人员开放。"))


def find_attachment(owner, ordinal: int) -> AttachedFile:
    found = owner.attachments.for_showing().filter(ordinal=ordinal).first()
    if found is None:
        raise Missing(_("没有这个附件。"))
    return found


def content_of(referral, ordinal: int, actor, *, route: str) -> HttpResponse:
    """The bytes for the browser or the partner's system. Writes one access entry, like the letter."""
    require_open(referral, actor)
    return answer_with(
        find_attachment(referral, ordinal),
        number=referral.number,
        opening=lambda: presenting.open_for(referral, actor, purpose=PURPOSE, route=route),
    )


def answer_with(attachment: AttachedFile, *, number: str, opening) -> HttpResponse:
    """The bytes, `opening` the record before they leave the house.

    Named by number and ordinal: what its owner called it may name the patient.
    """
    if attachment.withdrawn_at:
        raise Missing(_("这个附件已撤回，不能再打开。"), code="withdrawn")
    data = files.read(attachment.stored)
    opening()
    kind = KINDS[attachment.stored.form]
    name = f"{number}-{attachment.ordinal:02d}.{kind.ending}"
    policy = POLICY if attachment.stored.form == "pdf" else POLICY + SANDBOX
    return HttpResponse(
        data,
        content_type=kind.media_type,
        headers={
            "Content-Disposition": f'{"inline" if kind.shown else "attachment"}; filename="{name}"',
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "private, no-store",
        },
    )


def row_of(attachment: AttachedFile, *, href: str) -> dict:
    """One attachment as data, for who may open the record. Of a withdrawn one only that it was there."""
    stored, gone = attachment.stored, attachment.withdrawn_at
    facts = {name: value for name, value in stored.facts.items() if name != "differs"}
    return {
        "ordinal": attachment.ordinal,
        "kind": attachment.kind,
        "title": "" if gone else attachment.title,
        "file_name": "" if gone else attachment.file_name,
        "media_type": KINDS[stored.form].media_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "facts": {} if gone else facts,
        "contradicts": stored.facts.get("differs", []),
        "institution": attachment.institution.code,
        "added_by": attachment.added_by_name,
        "added_at": attachment.added_at,
        "withdrawn_at": gone,
        "withdrawn_by": attachment.withdrawn_by_name or None,
        "withdrawn_reason": attachment.withdrawn_reason,
        "href": None if gone else href,
    }


def examined_on(facts: dict) -> date | None:
    day = facts.get("study_date")
    return date.fromisoformat(day) if day else None
