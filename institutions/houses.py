"""The institution, or the consortium, that a management page is about."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from institutions.models import Consortium, Institution
from institutions.scope import managed_by, require_consortium_manager, require_manager
from toolkit.pages.forms import asked
from toolkit.refusals import Missing


@dataclass(frozen=True)
class House:
    """The institution of a page; `choices` are those a consortium's administrator can turn to."""

    institution: Institution
    choices: list[Institution] = field(default_factory=list)
    query: str = ""

    @property
    def context(self) -> dict:
        return {"house": self.institution, "houses": self.choices, "house_query": self.query}


def house_for(request, permission="institution.manage") -> House:
    """The own institution, or with `?institution=code` one the actor looks after. One query where all is well.

    404 for what the actor may not see, 403 with the reason where it may not do `permission` there.
    """
    actor = request.actor
    code = asked(request, "institution", actor.institution_code)
    choices = list(managed_by(actor, permission).order_by("code")) if actor.may("consortium.manage") else []
    institution = next((each for each in choices if each.code == code), None)
    if institution is None:
        institution = get_object_or_404(Institution.objects.visible_to(actor), code=code)
        require_manager(actor, institution, permission)
    return House(institution, choices, query_of(actor, institution))


def query_of(actor, institution) -> str:
    """What an address carries to stay with this institution; "" for the own one."""
    return "" if institution.pk == actor.institution_id else "?" + urlencode({"institution": institution.code})


@dataclass(frozen=True)
class Office:
    """The consortium of a page of its administrator."""

    consortium: Consortium
    choices: list[Consortium]
    query: str

    @property
    def context(self) -> dict:
        return {"consortium": self.consortium, "consortia": self.choices, "office_query": self.query}


def office_for(request) -> Office:
    """The first of the actor's consortia, or that of `?consortium=code`; for its administrators."""
    actor = request.actor
    known = list(Consortium.objects.visible_to(actor).order_by("id"))
    choices = [each for each in known if each.pk in actor.home_ids]
    code = asked(request, "consortium")
    if not code:
        actor.require("consortium.manage")
    consortium = next((each for each in (known if code else choices) if code in ("", each.code)), None)
    if consortium is None:
        raise Missing(_("没有这个医联体，或本机构不是它的成员。"))
    require_consortium_manager(actor, consortium)
    return Office(consortium, choices, office_query(choices, consortium))


def offices_of(actor) -> list[Consortium]:
    """The consortia one may look after, in the order of `office_for`."""
    return list(Consortium.objects.visible_to(actor).filter(pk__in=actor.home_ids).order_by("id"))


def office_query(choices, consortium) -> str:
    first = choices[0].pk if choices else None
    return "" if consortium.pk == first else "?" + urlencode({"consortium": consortium.code})
