"""Rows of the trail as the page shows them: staff numbers instead of names, public ids instead of patients."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import ApiClient, Membership
from records.models import Patient
from toolkit.words import listed

from .words import basis_words, deed, kind, purpose_words


@dataclass(frozen=True)
class Line:
    """One row. `details` are (name, value) pairs."""

    at: datetime
    who: str
    house: str
    what: str
    about: str
    more: str = ""
    address: str = ""
    request_id: str = ""
    sealed: bool = False
    occurred_at: datetime | None = None
    details: list = field(default_factory=list)


def access_lines(rows, houses) -> list[Line]:
    """Rows of AccessEntry. Three queries whatever their number."""
    who, names = _Who(rows), _names(houses)
    ids = dict(Patient.objects.filter(pk__in=[row.patient_id for row in rows]).values_list("pk", "public_id"))
    return [
        Line(
            what=basis_words(row.basis),
            about=ids.get(row.patient_id) or _("人员记录 %(number)s") % {"number": row.person_id},
            more=purpose_words(row.purpose),
            details=_custodian(row, names),
            **_common(row, who, names),
        )
        for row in rows
    ]


def event_lines(rows, houses) -> list[Line]:
    """Rows of Event. Two queries whatever their number."""
    who, names = _Who(rows), _names(houses)
    return [
        Line(
            what=deed(row.name),
            about=row.subject.partition(":")[2] or row.subject,
            more=kind(row.name),
            occurred_at=row.occurred_at if abs((row.recorded_at - row.occurred_at).total_seconds()) > 60 else None,
            details=[(name, _plain(value)) for name, value in row.facts.items() if value not in (None, "", [])],
            **_common(row, who, names),
        )
        for row in rows
    ]


def _common(row, who, names) -> dict:
    return {
        "at": row.recorded_at, "who": who.words(row), "house": names.get(row.institution_id, row.institution_code),
        "address": row.address, "request_id": row.request_id, "sealed": row.seal_id is not None,
    }  # fmt: skip


def _names(houses) -> dict:
    return {each.pk: each.label for each in houses}


def _custodian(row, names) -> list:
    """Whose registration was read, where it is not the reader's own."""
    if row.custodian_id in (None, row.institution_id):
        return []
    return [(_("建档机构"), names.get(row.custodian_id, f"#{row.custodian_id}"))]


def _plain(value) -> str:
    return listed(value) if isinstance(value, list) else str(value)


class _Who:
    """Staff numbers and clients' names of many rows."""

    def __init__(self, rows):
        people = {row.user_id for row in rows if row.user_id}
        jobs = Membership.objects.filter(user_id__in=people).order_by("-id")
        self.numbers, self.anywhere = {}, {}
        for user_id, institution_id, number in jobs.values_list("user_id", "institution_id", "staff_number"):
            self.numbers[user_id, institution_id] = number
            self.anywhere[user_id] = number or self.anywhere.get(user_id, "")
        systems = {row.actor_id for row in rows if row.actor_kind == "client"}
        self.clients = dict(ApiClient.objects.filter(pk__in=systems).values_list("pk", "name")) if systems else {}

    def words(self, row) -> str:
        if row.actor_kind == "clock":
            return _("平台时钟")
        if row.actor_kind == "system":
            return _("平台")
        person = self._person(row)
        if row.actor_kind != "client":
            return person
        client = self.clients.get(row.actor_id, f"#{row.actor_id}")
        return _("%(client)s 代 %(person)s") % {"client": client, "person": person} if row.user_id else client

    def _person(self, row) -> str:
        number = self.numbers.get((row.user_id, row.institution_id)) or self.anywhere.get(row.user_id)
        return _("工号 %(number)s") % {"number": number} if number else _("账号 %(number)s") % {"number": row.user_id}
