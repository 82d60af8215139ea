"""From a written sheet to the acts: find the ends, gather everything that is wrong, then draft, change and send.

One transaction for each; what is refused leaves nothing behind.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.idempotency import Answer, once
from records.actions import give_consent, register_patient
from records.data import PatientData
from referrals import actions, rules
from referrals.actions.blanks import check_entry
from referrals.content import CONTENT_FIELDS, MOMENTS, clean_content
from referrals.models import Referral
from referrals.resolving import department_of, institution_of, patient_of
from referrals.ways import Ways
from toolkit.refusals import Findings, Refused

NOT_AFTERWARDS = ("urgency", "green_channel")
"""What a completion (补录) leaves as it was sent."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What came from the page, as typed: codes for the ends, `content` in the shape of `referrals.content`."""

    content: dict
    consent: dict | None = None
    paper: dict = field(default_factory=dict)
    patient: str = ""
    direction: str = ""
    receiver: str = ""
    department: str = ""
    green: bool = False
    unknown: dict | None = None
    version: int | None = None


@dataclass
class Writer:
    """One referral being written by `actor`; `referral` is None until it is a draft.

    `key` is the key of the rendered form: autosave and sending under the same key make one draft only.
    """

    actor: object
    written: Written
    referral: Referral | None = None
    key: str = ""
    _findings: Findings = field(default_factory=Findings)

    @property
    def mode(self) -> str:
        """new, draft, returned, or completing (a green channel's papers, afterwards)."""
        return mode_of(self.referral)

    @property
    def sent_before(self) -> bool:
        return self.mode in ("returned", "completing")

    @transaction.atomic
    def save(self) -> Referral:
        """Keep it as it is: a draft may be half empty, but what is there must be well-formed."""
        self._check(sending=False)
        return self._keep(self.content, consent=self.written.consent, paper=self.paper)

    @transaction.atomic
    def send(self, before=None) -> Referral:
        """`before` is done with what is about to go: what is attached here goes along."""
        self._check(sending=True)
        referral = self._keep(self.content, consent=self.written.consent, paper=self.paper)
        if before:
            before(referral)
        actions.submit(referral, actor=self.actor)
        return referral

    @transaction.atomic
    def autosave(self) -> tuple[Referral | None, bool]:
        """(the draft, whether all of it was kept). Signatures and numbers of paper are a person's own act only."""
        if self.referral is None and not (self.written.patient and self.written.department):
            return None, False
        content, whole = _well_formed(self.content)
        return self._keep(content, consent=None, paper={}), whole

    # --- the parts -------------------------------------------------------------------------------------------------

    @cached_property
    def content(self) -> dict:
        content = dict(self.written.content)
        if self.mode == "completing":
            return {name: value for name, value in content.items() if name not in NOT_AFTERWARDS}
        if self.written.green:
            content |= {"kind": "emergency", "urgency": "emergency"}
        else:
            content |= dict.fromkeys(MOMENTS)  # typed before the green channel was left: the page hides them
        return content

    @property
    def paper(self) -> dict:
        """Number and time of the paper, for `actions.draft` and `change_draft`; empty where there is none."""
        given = {} if self.sent_before else self.written.paper
        return given if given.get("blank_number") else {}

    @cached_property
    def patient(self):
        """The one chosen; in an emergency somebody nobody knows. None, and a finding, where there is neither."""
        if self.written.patient:
            return self._try(lambda: patient_of(self.actor, self.written.patient))
        if self.written.green and self.written.unknown:
            given = PatientData(unknown=True, **self.written.unknown)
            return self._try(lambda: register_patient(actor=self.actor, data=given)[0])
        self._findings.add("/patient", "required", _("请先查找并选择患者，或登记新患者。"))
        return None

    @cached_property
    def ends(self) -> dict:
        """direction, receiver, department as the acts take them; incomplete where findings say so."""
        codes = {name: getattr(self.written, name) for name in ("direction", "receiver", "department")}
        if self.written.green and not codes["department"]:
            codes = Ways(self.actor).choose(**codes, green=True).codes()
        if not codes["direction"]:
            self._findings.add("/direction", "required", _("请选择转诊方向。"))
        if not codes["receiver"]:
            self._findings.add("/receiver", "required", _("请选择转往机构。"))
            return {}
        receiver = self._try(lambda: institution_of(self.actor, codes["receiver"]))
        if receiver is None:
            return {}
        if not codes["department"]:
            self._findings.add("/department", "required", _("请选择转往科室。"))
            return {}
        department = self._try(lambda: department_of(receiver, codes["department"]))
        return {"direction": codes["direction"], "receiver": receiver, "department": department}

    def _find_ends(self) -> None:
        """Look once for both, so that whatever is wrong with either is found."""
        for _name in ("patient", "ends"):
            getattr(self, _name)

    def _try(self, find):
        try:
            return find()
        except Refused as refusal:
            self._findings.extend(refusal.errors)
            return None

    # --- judging ---------------------------------------------------------------------------------------------------

    def _check(self, *, sending: bool) -> None:
        """Everything that is wrong, at once. The acts judge again; here a person shall not hear it bit by bit."""
        if not self.sent_before:
            self._find_ends()
        if self.written.green and not self.written.content.get("green_channel") and self.mode != "completing":
            self._findings.add("/green_channel", "required", _("请选择绿色通道类型。"))
        self._try(lambda: clean_content(self.content))
        self._check_paper(sending)
        if sending:
            self._check_written(clean_content(_well_formed(self.content)[0]))
        if self._findings and self.written.consent and self.patient:
            # the transaction ends with a refusal anyway, so the act itself can be asked what it thinks
            self._try(lambda: give_consent(actor=self.actor, patient=self.patient, **self.written.consent))
        self._findings.raise_if_any()

    def _check_paper(self, sending: bool) -> None:
        """A time without a number belongs to nothing; a number without its time is sent as if it were now."""
        given = {} if self.sent_before else self.written.paper
        if given.get("written_at") and not self.paper:
            self._findings.add("/blank_number", "required", _("请填写纸质单号；没有纸质单的，请清除转出时间。"))
        if not self.paper:
            return
        self._try(lambda: check_entry(self.actor, *self.paper.values(), referral=self.referral))
        if sending and not given["written_at"]:
            self._findings.add("/occurred_at", "required", _("请填写纸质单上的转出时间。"))

    def _check_written(self, cleaned: dict) -> None:
        content = self._unasked(cleaned) | {name: value for name, value in cleaned.items() if value is not None}
        direction = self.referral.direction if self.sent_before else self.written.direction
        imagined = Referral(**content, direction=direction, link=self.referral.link if self.referral else "")
        self._try(lambda: rules.check_times(imagined))
        missing = Findings()
        if not self.written.green or content.get("green_channel"):
            rules.check_written(missing, imagined)
        has_consent = self.written.consent or (self.referral and self.referral.consent_id)
        found = [error for error in missing.errors if error.pointer != "/consent" or not has_consent]
        wrong = {error.pointer.split("/")[1] for error in self._findings.errors if error.pointer}
        self._findings.extend(error for error in found if error.pointer.split("/")[1] not in wrong)

    def _unasked(self, cleaned: dict) -> dict:
        """What stands on the referral and on no field of this page: a short page asks for little."""
        names = CONTENT_FIELDS if self.referral else ()
        return {name: getattr(self.referral, name) for name in names if name not in cleaned}

    # --- writing ---------------------------------------------------------------------------------------------------

    def _keep(self, content: dict, consent, paper: dict) -> Referral:
        if consent:
            content = content | {"consent": consent}
        if self.referral is None:
            self.referral, fresh = self._drafted(content | paper)
            if fresh:
                return self.referral
        patient = self.patient if self.mode == "draft" and self.written.patient else None
        ends = {} if self.sent_before else self.ends
        return actions.change_draft(
            self.referral, actor=self.actor, version=self.written.version, patient=patient, **ends, **paper, **content
        )

    def _drafted(self, content: dict) -> tuple[Referral, bool]:
        """(the draft, whether it was made just now): what autosave has drafted already is not drafted again."""
        if not self.key:
            return self._draft(content), True
        answer = once(
            actor=self.actor,
            key=f"{self.key}.draft",
            route="draft",
            body=b"",
            act=lambda: Answer(201, self._draft(content).pk),  # its number may become that of a paper
        )
        drafted = {"pk": answer.data} if isinstance(answer.data, int) else {"number": answer.data}
        return Referral.objects.visible_to(self.actor).get(**drafted), not answer.replayed

    def _draft(self, content: dict) -> Referral:
        patient, ends = self.patient, self.ends
        self._findings.raise_if_any()
        return actions.draft(actor=self.actor, patient=patient, **ends, **content)


def mode_of(referral) -> str:
    if referral is None:
        return "new"
    if referral.status in ("draft", "returned"):
        return referral.status
    return "completing"


def missing_of(referral) -> list:
    """What still has to be written, as `FieldError`s: for a sheet that somebody else has begun."""
    findings = Findings()
    if referral.status == "draft" and referral.green_channel:
        rules.check_written(findings, referral)
    else:
        rules.check_complete(findings, referral)
    return findings.errors


def _well_formed(content: dict) -> tuple[dict, bool]:
    """(what can be kept of it, whether that is everything)."""
    try:
        clean_content(content)
    except Refused as refusal:
        wrong = {error.pointer.split("/")[1] for error in refusal.errors}
        return {name: value for name, value in content.items() if name not in wrong}, False
    return content, True
