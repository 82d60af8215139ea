"""Who hears of a new system that may call the interfaces: who audits the house, and the consortium's office.

Its own administrator registers it alone; so that a doctor's rights for a machine do not go unnoticed, two others are
told. What the platform itself sets up is nobody's deed.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from events import notices
from events.notices import Audience, Notice, Words
from institutions.models import Member
from institutions.scope import looked_after_by
from toolkit.words import listed

from .models import ApiClient, Membership
from .roles import role_names

REGISTERED = "client.registered"
AUDITOR = "security_auditor"


def register() -> None:
    notices.register_visibility("client", visible_to)
    notices.register(Notice(event=REGISTERED, key="auditor", audience=_auditors, words=_words, link=_trail))
    notices.register(Notice(event=REGISTERED, key="office", audience=_office, words=_words, link=_page))


def visible_to(ref: str, actor) -> bool:
    """By institution, not by role: the words name a system and a house."""
    client = ApiClient.objects.filter(pk=ref.partition(":")[2])
    return client.filter(institution__in=looked_after_by(actor).values("pk")).exists()


def _client(event) -> ApiClient:
    return ApiClient.objects.select_related("institution").get(pk=event.subject.partition(":")[2])


def _auditors(event) -> list[Audience]:
    """Those of the house, else those of the consortia it is a full member of; nobody where there is none."""
    if event.actor_kind == "system":
        return []
    full = Member.objects.current().exclude(role=Member.Role.COLLABORATING)
    house = _client(event).institution_id
    homes = full.filter(institution_id=house).values("consortium_id")
    jobs = Membership.objects.current().with_role(AUDITOR).order_by("pk")
    own = jobs.at(house)
    found = own or jobs.filter(institution__in=full.filter(consortium__in=homes).values("institution_id"))
    return [Audience(institution_id=job.institution_id, unit="user", user_id=job.user_id) for job in found]


def _office(event) -> list[Audience]:
    if event.actor_kind == "system":
        return []
    return [Audience(institution_id=_client(event).institution_id, unit="office")]


def _words(event) -> Words:
    client = _client(event)
    words = {
        "client": client.name,
        "institution": client.institution.label,
        "roles": listed(role_names(event.facts["roles"])),
    }
    body = _("%(institution)s登记了接口客户端“%(client)s”，角色：%(roles)s。请核对是否经过批准。")
    return Words(_("新登记接口客户端：%(client)s") % words, body % words)


def _trail(event) -> str:
    return reverse("trail", query={"trail": "events", "subject": event.subject})


def _page(event) -> str:
    return reverse("accounts:client", args=[event.subject.partition(":")[2]])
