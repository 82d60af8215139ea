"""A small consortium for the tests of this part, made through the real acts."""

from types import SimpleNamespace

from events.actor import Actor, system_actor
from institutions import actions
from institutions.models import Member

SYSTEM = system_actor()
OFFICE = ("consortium.manage",)
ADMINISTRATOR = ("institution.manage", "staff.manage", "capacity.manage")


def institution(code, name, level="unrated", type="C220", consortium=None, **details):
    return actions.add_institution(
        actor=SYSTEM, code=code, name=name, level=level, type=type, consortium=consortium, **details
    )


def actor_at(place, *permissions):
    """A person at the institution with these permissions."""
    consortia = Member.objects.current().filter(institution=place).values_list("consortium_id", flat=True)
    return Actor(
        kind="user",
        id=1,
        name="王敏",
        institution_id=place.pk,
        institution_code=place.code,
        institution_name=place.label,
        consortium_ids=frozenset(consortia),
        permissions=frozenset(permissions),
    )


def county():
    """A core hospital, two township hospitals, a village clinic; an outsider in a consortium of its own."""
    hospital = institution("county-hospital", "青川县人民医院", "2a", "A100", short_name="县医院")
    consortium = actions.found_consortium(
        actor=SYSTEM, code="qingchuan", name="青川县域医共体", kind="county", core=hospital
    )
    east = institution("east-township", "东河镇卫生院", consortium=consortium)
    west = institution("west-township", "西山镇中心卫生院", "1a", "C210", consortium=consortium)
    clinic = institution("clinic", "柳树村卫生室", type="D600", consortium=consortium)
    outsider = institution("outsider", "邻县人民医院", "2b", "A100")
    other = actions.found_consortium(actor=SYSTEM, code="linxian", name="邻县医共体", kind="county", core=outsider)
    cardiology = actions.add_department(
        actor=SYSTEM, institution=hospital, code="cardiology", name="心内科", specialty="cardiology"
    )
    return SimpleNamespace(
        consortium=consortium,
        hospital=hospital,
        east=east,
        west=west,
        clinic=clinic,
        outsider=outsider,
        other=other,
        cardiology=cardiology,
        office=actor_at(hospital, *OFFICE),
        administrator=actor_at(hospital, *ADMINISTRATOR),
        east_administrator=actor_at(east, *ADMINISTRATOR),
        nurse=actor_at(hospital),
        stranger=actor_at(outsider, *OFFICE, *ADMINISTRATOR),
    )


def events_of(subject):
    """The names of the events about a subject, in order."""
    from events.models import Event

    return list(Event.objects.filter(subject=subject.event_ref).order_by("id").values_list("name", flat=True))
