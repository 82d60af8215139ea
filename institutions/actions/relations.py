"""Referral relations: all of a consortium generated from the levels in one act, single exceptions by hand."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from events.log import record
from institutions import checks
from institutions.models import Consortium, Institution, Member, Relation
from institutions.scope import require_consortium_manager, require_manager
from institutions.versions import require_current, save_change
from toolkit.refusals import Findings, Missing

Direction = Relation.Direction
LONGEST_TRAVEL = 24 * 60


@transaction.atomic
def generate_relations(*, actor, consortium):
    """Relations among all current members by tier: to a higher one up, to a lower one down, to an equal one lateral.

    Exceptions set by hand stay as they are, generated relations that no longer fit end; doing it twice changes
    nothing. Returns {"created", "reactivated", "ended", "kept"}, numbers of relations.
    """
    require_consortium_manager(actor, consortium)
    Consortium.objects.select_for_update(no_key=True).get(pk=consortium.pk)  # two at once would clash row by row
    plan = plan_relations(consortium)
    Relation.objects.bulk_create([_generated(consortium, *key) for key in sorted(plan.missing)], batch_size=500)
    _update([row.pk for row in plan.revived], active=True, consortium=consortium)
    _update([row.pk for row in plan.ended], active=False)
    record("relations.generated", actor=actor, subject=consortium, **plan.counts)
    return plan.counts


@dataclass(frozen=True)
class Plan:
    """What generating would do: `missing` and `kept` are (sender id, receiver id, direction), the others rows."""

    missing: set
    revived: list
    ended: list
    kept: set

    @property
    def counts(self):
        numbers = {"created": self.missing, "reactivated": self.revived, "ended": self.ended, "kept": self.kept}
        return {name: len(those) for name, those in numbers.items()}


def plan_relations(consortium):
    """What `generate_relations` would change now, without changing it."""
    wanted = _wanted(consortium)
    existing = _existing(consortium)
    revived = _to_revive(consortium, wanted, existing)
    missing = wanted - set(existing)
    kept = wanted - missing - {(row.sender_id, row.receiver_id, row.direction) for row in revived}
    ended = [row for key, row in existing.items() if key not in wanted and _is_own_generated(consortium, row)]
    return Plan(missing, revived, ended, kept)


def _wanted(consortium):
    """{(sender id, receiver id, direction)} among the current members in use."""
    members = list(Institution.objects.members_of(consortium).filter(active=True))
    return {
        (sender.pk, receiver.pk, direction_between(sender, receiver))
        for sender in members
        for receiver in members
        if sender.pk != receiver.pk
    }


def direction_between(sender, receiver):
    """The direction that follows from the tiers of two institutions."""
    if receiver.tier > sender.tier:
        return Direction.UP
    return Direction.DOWN if receiver.tier < sender.tier else Direction.LATERAL


def _existing(consortium):
    """{(sender id, receiver id, direction): Relation} among everyone who is or was a member."""
    ever = Member.objects.filter(consortium=consortium).values("institution_id")
    rows = Relation.objects.filter(sender__in=ever, receiver__in=ever).exclude(direction=Direction.OUT)
    return {(row.sender_id, row.receiver_id, row.direction): row for row in rows}


def _to_revive(consortium, wanted, existing):
    """Wanted rows that permit nothing now: ended ones, or left behind by a consortium one side is no longer in."""
    ever = Member.objects.filter(consortium=consortium).values("institution_id")
    usable = set(Relation.objects.open().filter(sender__in=ever).values_list("pk", flat=True))
    idle = [row for key, row in existing.items() if key in wanted and row.pk not in usable]
    return [row for row in idle if row.active or row.source == Relation.Source.GENERATED]


def _is_own_generated(consortium, row):
    return row.active and row.source == Relation.Source.GENERATED and row.consortium_id == consortium.pk


def _generated(consortium, sender_id, receiver_id, direction):
    source = Relation.Source.GENERATED
    sides = {"sender_id": sender_id, "receiver_id": receiver_id}
    return Relation(consortium=consortium, direction=direction, source=source, **sides)


def _update(ids, **changes):
    for start in range(0, len(ids), 500):
        Relation.objects.filter(pk__in=ids[start : start + 500]).update(version=F("version") + 1, **changes)


@transaction.atomic
def set_relation(*, actor, consortium, sender, receiver, direction, travel_minutes=None, active=True, version=None):
    """An exception by hand: permit a relation, or with `active=False` forbid one. Returns the Relation.

    A referral out of the consortium (外转) goes from a member to an institution that is none.
    """
    require_consortium_manager(actor, consortium)
    findings = Findings()
    _check_sides(findings, consortium, sender, receiver, direction)
    _check_travel(findings, travel_minutes)
    findings.raise_if_any()
    values = {"active": active, "travel_minutes": travel_minutes, "source": Relation.Source.MANUAL}
    key = {"sender": sender, "receiver": receiver, "direction": direction}
    relation, new = Relation.objects.get_or_create(**key, defaults={"consortium": consortium, **values})
    if not new:
        require_current(relation, version)
        if not save_change(relation, values | {"consortium": consortium}):
            return relation
    _record_set(actor, relation)
    return relation


def _check_sides(findings, consortium, sender, receiver, direction):
    checks.one_of(findings, "/direction", direction, allowed=Direction.values)
    if sender.pk == receiver.pk:
        findings.add("/receiver", "same_institution", _("转出与转入不能是同一机构。"))
        return
    members = set(Member.objects.current().filter(consortium=consortium).values_list("institution_id", flat=True))
    if sender.pk not in members:
        findings.add("/sender", "not_a_member", _("转出机构不是该医联体的现有成员。"))
    if direction == Direction.OUT and receiver.pk in members:
        findings.add("/direction", "inside", _("转入机构是本医联体成员，请用上转、下转或平转。"))
    if direction != Direction.OUT and receiver.pk not in members:
        findings.add("/receiver", "not_a_member", _("转入机构不是该医联体的现有成员，转往医联体外请用外转。"))
    _check_tiers(findings, sender, receiver, direction)


def _check_tiers(findings, sender, receiver, direction):
    """By hand an equal level may be up or down (a specialist hospital), but never against the levels."""
    by_level = direction_between(sender, receiver)
    if {by_level, direction} == {Direction.UP, Direction.DOWN}:
        words = {"direction": Direction(by_level).label}
        findings.add("/direction", "against_level", _("按两家机构的等级应为%(direction)s。") % words)


def _check_travel(findings, minutes):
    if minutes is not None and not 1 <= minutes <= LONGEST_TRAVEL:
        findings.add("/travel_minutes", "out_of_range", _("路程应为 1 到 1440 分钟，不清楚时留空。"))


def _record_set(actor, relation):
    record(
        "relation.set",
        actor=actor,
        subject=relation,
        sender=relation.sender.code,
        receiver=relation.receiver.code,
        direction=relation.direction,
        active=relation.active,
        travel_minutes=relation.travel_minutes,
    )


@transaction.atomic
def set_travel_time(*, actor, relation, minutes, version=None):
    """How long the road takes, in minutes or None; also the sender's administrator knows. Source stays as it is."""
    require_current(relation, version)
    _require_side(actor, relation)
    findings = Findings()
    _check_travel(findings, minutes)
    findings.raise_if_any()
    if save_change(relation, {"travel_minutes": minutes}):
        _record_set(actor, relation)
    return relation


def _require_side(actor, relation):
    if not actor.may("consortium.manage"):
        require_manager(actor, relation.sender)
    else:
        require_consortium_manager(actor, relation.consortium)


@transaction.atomic
def end_relation(*, actor, relation, version=None):
    """Close a relation for good: it becomes an exception by hand, so that generating does not bring it back."""
    require_current(relation, version)
    require_consortium_manager(actor, relation.consortium)
    if not relation.active:
        raise Missing(_("该转诊关系已经停用。"))
    save_change(relation, {"active": False, "source": Relation.Source.MANUAL})
    facts = {"sender": relation.sender.code, "receiver": relation.receiver.code, "direction": relation.direction}
    record("relation.ended", actor=actor, subject=relation, **facts)
    return relation
