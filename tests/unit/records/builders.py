"""A small world for records: a township and a hospital of one consortium, and an outsider."""

from datetime import date
from types import SimpleNamespace

from stdnum.iso7064 import mod_11_2

from accounts.roles import permissions_of
from events.actor import Actor
from institutions.models import Consortium, Institution, Member
from records.data import NumberData, PatientData

WOMAN = "11010519491231002X"
MAN = "370101190102039973"


def resident_number(born: date, sequence: int = 1, region: str = "330109") -> str:
    """A valid resident ID; an odd sequence is a man."""
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return body + mod_11_2.calc_check_digit(body)


def institution(code: str, consortium=None) -> Institution:
    made = Institution.objects.create(code=code, name=f"{code} 医院", short_name=code, type="A100")
    if consortium:
        Member.objects.create(consortium=consortium, institution=made, role="member", joined_on=date(2020, 1, 1))
    return made


def actor(house: Institution, *roles: str) -> Actor:
    consortia = Member.objects.filter(institution=house).values_list("consortium_id", flat=True)
    return Actor(
        kind="user",
        id=1,
        name="王医生",
        institution_id=house.pk,
        institution_code=house.code,
        institution_name=house.label,
        consortium_ids=frozenset(consortia),
        roles=frozenset(roles),
        permissions=permissions_of(roles),
    )


def world() -> SimpleNamespace:
    consortium = Consortium.objects.create(code="county", name="县医共体", kind="county")
    township, hospital = institution("township", consortium), institution("hospital", consortium)
    outside = institution("outside")
    return SimpleNamespace(
        consortium=consortium,
        township=township,
        hospital=hospital,
        outside=outside,
        doctor=actor(township, "doctor"),
        surgeon=actor(hospital, "doctor"),
        stranger=actor(outside, "doctor"),
        administrator=actor(township, "institution_administrator"),
    )


def number(value: str = WOMAN, type: str = "resident_id", owner: str = "self", **more) -> NumberData:
    return NumberData(type=type, value=value, owner=owner, **more)


def woman(**changes) -> PatientData:
    """张秀兰, born 1949-12-31, with her resident ID."""
    given = {
        "name": "张秀兰",
        "sex": "2",
        "birth_date": date(1949, 12, 31),
        "identifiers": [number()],
        "phone": "13800001234",
        "address": "浙江省丽水市莲都区东山村 12 号",
        "next_of_kin": {"name": "李建国", "relation": "儿子", "phone": "13900005678"},
        "insurance_kind": "resident",
    }
    return PatientData(**(given | changes))
