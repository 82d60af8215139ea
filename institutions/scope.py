"""Who may administer what: the own institution, or the members of the consortia one administers.

A consortium's administrator administers its full members. An institution that only collaborates (协作单位) with the
consortium stays its own master as long as it is a full member elsewhere; otherwise inviting somebody would mean
taking him over. Hospitals that are a full member nowhere are looked after by whoever works with them.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from institutions.models import Institution, Member, Relation
from toolkit.refusals import Forbidden


def oversees(actor, institution):
    """Whether the actor administers a consortium that looks after the institution."""
    if not actor.may("consortium.manage"):
        return False
    full = Member.objects.current().filter(institution=institution).exclude(role=Member.Role.COLLABORATING)
    homes = set(full.values_list("consortium_id", flat=True))
    if homes:
        return bool(homes & actor.home_ids)
    return not _works_with_others(institution, actor.home_ids)


def _works_with_others(institution, own_consortia):
    collaborates = Member.objects.current().filter(institution=institution).exclude(consortium_id__in=own_consortia)
    receives = Relation.objects.filter(receiver=institution, active=True).exclude(consortium_id__in=own_consortia)
    return collaborates.exists() or receives.exists()


def manages(actor, institution, permission="institution.manage"):
    """Whether the actor may do at the institution what `permission` names."""
    if actor.kind == "system":
        return True
    own = actor.institution_id == institution.pk and actor.may(permission)
    return own or oversees(actor, institution)


def require_manager(actor, institution, permission="institution.manage"):
    """Raise `Forbidden` with the reason unless `manages`."""
    if manages(actor, institution, permission):
        return
    if not actor.may("consortium.manage"):
        actor.require(permission)
    raise Forbidden(_("您只能管理本机构，或由您所在医联体管理的成员机构。"))


def require_overseer(actor, institution):
    """Raise `Forbidden` unless the actor administers a consortium that looks after the institution."""
    if actor.kind == "system" or oversees(actor, institution):
        return
    actor.require("consortium.manage")
    raise Forbidden(_("该机构不归您所在的医联体管理。"))


def require_consortium_manager(actor, consortium):
    """Raise `Forbidden` unless the actor administers this consortium."""
    actor.require("consortium.manage")
    if actor.kind != "system" and consortium.pk not in actor.home_ids:
        raise Forbidden(_("您只能管理本机构所在的医联体。"))


def managed_by(actor, permission="institution.manage"):
    """The institutions of which `manages` says yes, in one query; of those the actor may see at all."""
    rows = Institution.objects.visible_to(actor)
    if actor.kind == "system":
        return rows
    own = Q(pk=actor.institution_id) if actor.may(permission) else Q(pk=None)
    overseen = _looked_after(actor) if actor.may("consortium.manage") else Q(pk=None)
    return rows.filter(own | overseen)


def looked_after_by(actor):
    """The own institution and those the actor's consortia look after; what he may do there is asked elsewhere."""
    return Institution.objects.visible_to(actor).filter(Q(pk=actor.institution_id) | _looked_after(actor))


def _looked_after(actor):
    """The houses of `oversees` as a condition."""
    here = Member.objects.current().filter(institution=OuterRef("pk"))
    homes = here.exclude(role=Member.Role.COLLABORATING)
    receives = Relation.objects.filter(receiver=OuterRef("pk"), active=True)
    elsewhere = [rows.exclude(consortium_id__in=actor.home_ids) for rows in (here, receives)]
    homeless = ~Exists(homes) & ~Exists(elsewhere[0]) & ~Exists(elsewhere[1])
    return Q(Exists(homes.filter(consortium_id__in=actor.home_ids))) | Q(homeless)
