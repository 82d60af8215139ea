"""The cast: one small consortium with its people, made through the real acts.

A county hospital (core), a second hospital, two township centres and a village clinic reached by telephone; and an
outsider hospital in a consortium of its own, whose people never have access. Everybody works where his job says:

    cast.actors.township_doctor      an Actor, for acts
    cast.users.township_doctor       the account (password `PASSWORD`)
    cast.institutions.hospital       hospital tcm chengguan hekou clinic outsider
    cast.departments.cardiology      of the hospital; general_chengguan, general_hekou, general_clinic, tcm_cardiology
    cast.patient(), cast.slot(...), cast.bed(...), cast.client(code), cast.browser("core_desk")
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from types import SimpleNamespace

from django.test import Client
from django.utils import timezone
from stdnum.iso7064 import mod_11_2

from accounts import actions as people
from accounts.actors import actor_for_membership
from accounts.models import Membership
from accounts.sessions import KEY as MEMBERSHIP_KEY
from events.actor import Actor, system_actor
from institutions import actions as houses
from institutions.models import Capacity, Department, Institution
from records.actions import register_patient
from records.data import NumberData, PatientData
from records.models import Patient

PASSWORD = "Cast-of-characters-7"
LONG_AGO = date(2020, 1, 1)
DAYS_OF_CAPACITY = 14
SCOPES = (
    "institutions:read", "institutions:write", "records:read", "records:write",
    "referrals:read", "referrals:write", "advice:read", "advice:write", "events:read",
)  # fmt: skip
SYSTEM = system_actor()

# attribute: code, name, short name, level, type, further fields
HOUSES = {
    "hospital": ("county-hospital", "青川县人民医院", "县人民医院", "2a", "A100", {"role": "core"}),
    "tcm": ("county-tcm", "青川县中医医院", "县中医院", "2b", "A210", {}),
    "chengguan": ("chengguan", "城关镇卫生院", "", "1a", "C220", {}),
    "hekou": ("hekou", "河口镇卫生院", "", "1b", "C220", {"reviews_outgoing": True}),
    "clinic": ("lizhuang", "李庄村卫生室", "", "unrated", "D600", {"handles_on": "phone"}),
}
# attribute: house, code, name, specialty
DEPARTMENTS = {
    "cardiology": ("hospital", "cardiology", "心内科", "cardiology"),
    "neurology": ("hospital", "neurology", "神经内科", "neurology"),
    "surgery": ("hospital", "general-surgery", "普外科", "general_surgery"),
    "emergency": ("hospital", "emergency", "急诊科", "emergency"),
    "pharmacy": ("hospital", "pharmacy", "药剂科", "general_internal"),
    "tcm_cardiology": ("tcm", "cardiology", "心病科", "cardiology"),
    "general_chengguan": ("chengguan", "general", "全科", "general_practice"),
    "general_hekou": ("hekou", "general", "全科", "general_practice"),
    "general_clinic": ("clinic", "general", "全科", "general_practice"),
    "outsider_cardiology": ("outsider", "cardiology", "心内科", "cardiology"),
}
# attribute: name, house, roles, department
PEOPLE = {
    "township_doctor": ("张伟", "chengguan", ["doctor"], "general_chengguan"),
    "township_colleague": ("王芳", "chengguan", ["doctor"], "general_chengguan"),
    "township_desk": ("李娜", "chengguan", ["desk"], None),
    "family_doctor": ("刘洋", "chengguan", ["family_doctor"], "general_chengguan"),
    "township_administrator": ("陈静", "chengguan", ["institution_administrator"], None),
    "hekou_doctor": ("杨军", "hekou", ["doctor"], "general_hekou"),
    "hekou_desk": ("赵敏", "hekou", ["desk"], None),
    "core_desk": ("黄丽", "hospital", ["desk"], None),
    "cardiologist": ("周强", "hospital", ["doctor"], "cardiology"),
    "core_doctor": ("吴霞", "hospital", ["doctor"], "cardiology"),
    "neurologist": ("徐磊", "hospital", ["doctor"], "neurology"),
    "core_administrator": ("孙艳", "hospital", ["institution_administrator"], None),
    "consortium_administrator": ("马超", "hospital", ["consortium_administrator"], None),
    "pharmacist": ("朱琳", "hospital", ["pharmacist"], "pharmacy"),
    "auditor": ("胡杰", "hospital", ["security_auditor"], None),
    "tcm_desk": ("林涛", "tcm", ["desk"], None),
    "tcm_doctor": ("何梅", "tcm", ["doctor"], "tcm_cardiology"),
    "outsider_doctor": ("郭鹏", "outsider", ["doctor"], "outsider_cardiology"),
    "outsider_desk": ("罗丹", "outsider", ["desk"], None),
    "outsider_administrator": ("高飞", "outsider", ["institution_administrator"], None),
    "outsider_office": ("梁静", "outsider", ["consortium_administrator"], None),
    "travelling_doctor": ("宋佳", "hospital", ["doctor"], "cardiology"),
}
SECOND_JOB = ("travelling_doctor", "hekou", ["doctor", "desk"], "general_hekou")
"""The one who works in two houses: `actors.travelling_doctor` and `actors.travelling_doctor_at_hekou`."""

HANDS = {
    "county-hospital": {"doctor": "cardiologist", "second": "core_doctor", "desk": "core_desk"},
    "county-tcm": {"doctor": "tcm_doctor", "second": "tcm_desk", "desk": "tcm_desk"},
    "chengguan": {"doctor": "township_doctor", "second": "township_colleague", "desk": "township_desk"},
    "hekou": {"doctor": "hekou_doctor", "second": "hekou_desk", "desk": "hekou_desk"},
    "city-second": {"doctor": "outsider_doctor", "second": "outsider_desk", "desk": "outsider_desk"},
}
"""Who of a house does what: its doctor, a second person who is not the author, its desk."""


@dataclass
class Cast:
    """Who and what there is. See the module."""

    consortium: object = None
    outside_consortium: object = None
    institutions: SimpleNamespace = field(default_factory=SimpleNamespace)
    departments: SimpleNamespace = field(default_factory=SimpleNamespace)
    users: SimpleNamespace = field(default_factory=SimpleNamespace)
    memberships: SimpleNamespace = field(default_factory=SimpleNamespace)
    actors: SimpleNamespace = field(default_factory=SimpleNamespace)
    _born: count = field(default_factory=lambda: count(1))

    def __getstate__(self) -> dict:
        """All but the counter of births, which begins anew in every copy."""
        return {name: part for name, part in vars(self).items() if name != "_born"}

    def __setstate__(self, parts: dict) -> None:
        vars(self).update(parts, _born=count(1))

    def institution(self, code: str) -> Institution:
        return next(house for house in vars(self.institutions).values() if house.code == code)

    def hand(self, institution, part: str) -> Actor:
        """The "doctor", "second" or "desk" of an institution (instance or code)."""
        code = getattr(institution, "code", institution)
        return getattr(self.actors, HANDS[code][part])

    def patient(self, by: Actor | None = None, *, name="王秀英", born=date(1958, 3, 12), **changes) -> Patient:
        """Somebody new with a valid resident ID, registered by `by` (the township doctor) in his institution."""
        number = resident_number(born, next(self._born) * 2)
        given = {
            "identifiers": [NumberData(type="resident_id", value=number)],
            "phone": "13800001234",
            "address": "青川县城关镇东街 12 号",
            "next_of_kin": {"name": "李建国", "relation": "儿子", "phone": "13900005678"},
            "insurance_kind": "resident",
        }
        data = PatientData(name=name, **(given | changes))
        return register_patient(actor=by or self.actors.township_doctor, data=data)[0]

    def slot(self, department: Department | None = None, days: int = 1, session: str = "am") -> Capacity:
        """An outpatient session of the department (cardiology), `days` from today; one of today is not over yet."""
        slot = self._capacity(department, days, "slot", session)
        if slot.is_over(timezone.now()):
            tonight = {"total": slot.total, "referral_quota": slot.referral_quota, "release_at": slot.release_at}
            slot = Capacity.objects.get_or_create(
                department=slot.department, date=slot.date, kind="slot", session="night", defaults=tonight
            )[0]
        return slot

    def bed(self, department: Department | None = None, days: int = 1) -> Capacity:
        """The admissions of a day."""
        return self._capacity(department, days, "bed", "day")

    def _capacity(self, department, days, kind, session) -> Capacity:
        day = timezone.localdate() + timedelta(days=days)
        rows = Capacity.objects.select_related("department")
        return rows.get(department=department or self.departments.cardiology, date=day, kind=kind, session=session)

    def on_duty(self, who: str, kind: str, *, department=None, hours: int = 12):
        """Put somebody on duty from an hour ago for `hours`: "desk", "department", "duty_line" or "office"."""
        job = getattr(self.memberships, who)
        begin = timezone.now() - timedelta(hours=1)
        return people.add_shift(
            actor=SYSTEM, institution=job.institution, kind=kind, membership=job, department=department,
            starts_at=begin, ends_at=begin + timedelta(hours=hours),
        )  # fmt: skip

    def client(self, code: str = "county-hospital", *, roles=("doctor", "desk"), scopes=SCOPES) -> "Partner":
        """A hospital's system with its own client and secret."""
        client, secret = people.register_client(
            actor=SYSTEM, institution=self.institution(code), name=f"{code} HIS", roles=roles, scopes=scopes
        )
        return Partner(client, secret)

    def browser(self, who: str, **options) -> Client:
        """A browser in which somebody has signed in and chosen his job ("travelling_doctor_at_hekou" too)."""
        job = getattr(self.memberships, who)
        browser = Client(**options)
        browser.force_login(job.user, backend="django.contrib.auth.backends.ModelBackend")
        session = browser.session
        session[MEMBERSHIP_KEY] = job.pk
        session.save()
        return browser


class Partner:
    """A hospital's system that calls the REST interface: fetches its token and speaks JSON."""

    def __init__(self, client, secret: str):
        self.client, self.secret = client, secret
        self._http = Client()
        self._token, self._token_from = "", None

    @property
    def token(self) -> str:
        """A token of the present hour, also for tests that travel in time."""
        now = timezone.now()
        if self._token_from is None or not timedelta(0) <= now - self._token_from < timedelta(minutes=50):
            self._token, self._token_from = self._fetch_token(), now
        return self._token

    def _fetch_token(self) -> str:
        asked = {
            "grant_type": "client_credentials", "client_id": self.client.client_id, "client_secret": self.secret,
        }  # fmt: skip
        answer = self._http.post("/oauth2/token", asked)
        assert answer.status_code == 200, answer.content
        return answer.json()["access_token"]

    def call(self, method: str, path: str, body=None, *, version=None, key=None, on_behalf_of=None, **headers):
        """One call; `version` becomes If-Match, `key` Idempotency-Key, other headers by their names."""
        given = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **headers}
        if version is not None:
            given["If-Match"] = f'"{version}"'
        if key is not None:
            given["Idempotency-Key"] = key
        if on_behalf_of is not None:
            given["On-Behalf-Of"] = on_behalf_of
        data = "" if body is None else json.dumps(body, default=_plain)
        return self._http.generic(method, path, data, content_type="application/json", headers=given)

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.call("POST", path, {} if body is None else body, **options)

    def put(self, path, body, **options):
        return self.call("PUT", path, body, **options)

    def patch(self, path, body, **options):
        return self.call("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.call("DELETE", path, **options)


def _plain(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{value!r} is no JSON")


def resident_number(born: date, sequence: int = 2, region: str = "510822") -> str:
    """A valid resident ID number; an odd sequence is a man, an even one a woman."""
    body = f"{region}{born:%Y%m%d}{sequence % 1000:03d}"
    return body + mod_11_2.calc_check_digit(body)


def build() -> Cast:
    """Everything above, from an empty database."""
    cast = Cast()
    _build_houses(cast)
    _build_departments(cast)
    _build_people(cast)
    _publish_capacity(cast)
    return cast


def _build_houses(cast) -> None:
    cast.consortium = houses.found_consortium(
        actor=SYSTEM, code="qingchuan", name="青川县域医共体", kind="county", office_phone="0839-7200001"
    )
    for number, (attribute, (code, name, short, level, kind, more)) in enumerate(HOUSES.items(), start=1):
        house = houses.add_institution(
            actor=SYSTEM, code=code, name=name, short_name=short, level=level, type=kind, consortium=cast.consortium,
            joined_on=LONG_AGO, address=f"青川县{name}", desk_phone=f"0839-72{number}0001",
            duty_phone=f"0839-72{number}0120", **more,
        )  # fmt: skip
        setattr(cast.institutions, attribute, house)
    cast.outside_consortium = houses.found_consortium(
        actor=SYSTEM, code="city-group", name="市第二医院医疗集团", kind="city_group", office_phone="0839-3300001"
    )
    cast.institutions.outsider = houses.add_institution(
        actor=SYSTEM, code="city-second", name="市第二医院", level="3a", type="A100", desk_phone="0839-3310001",
        consortium=cast.outside_consortium, role="core", joined_on=LONG_AGO,
    )  # fmt: skip
    houses.generate_relations(actor=SYSTEM, consortium=cast.consortium)


def _build_departments(cast) -> None:
    for attribute, (house, code, name, specialty) in DEPARTMENTS.items():
        department = houses.add_department(
            actor=SYSTEM, institution=getattr(cast.institutions, house), code=code, name=name, specialty=specialty,
            phone="0839-7210800", takes_referrals=attribute != "pharmacy",
        )  # fmt: skip
        setattr(cast.departments, attribute, department)


def _build_people(cast) -> None:
    for number, (attribute, (name, house, roles, department)) in enumerate(PEOPLE.items(), start=1):
        user = people.create_user(
            actor=SYSTEM, username=attribute.replace("_", "-"), name=name, password=PASSWORD,
            phone=f"1390839{number:04d}", email=f"{attribute.replace('_', '-')}@example.org",
            must_change_password=False,
        )  # fmt: skip
        setattr(cast.users, attribute, user)
        _employ(cast, attribute, attribute, house, roles, department, number)
    who, house, roles, department = SECOND_JOB
    _employ(cast, f"{who}_at_{house}", who, house, roles, department, number)


def _employ(cast, attribute, user, house, roles, department, number) -> None:
    job = people.add_membership(
        actor=SYSTEM, user=getattr(cast.users, user), institution=getattr(cast.institutions, house), roles=roles,
        department=getattr(cast.departments, department) if department else None, staff_number=f"S{number:03d}",
        title="主治医师" if "doctor" in roles else "", started_on=LONG_AGO,
    )  # fmt: skip
    setattr(cast.memberships, attribute, job)
    setattr(cast.actors, attribute, actor_for_membership(_fresh(job)))


def _fresh(job: Membership) -> Membership:
    return Membership.objects.select_related("user", "institution", "department").get(pk=job.pk)


def _publish_capacity(cast) -> None:
    """Slots and beds of the next fourteen days, today included: 10 places, 4 of them for referrals; 6 beds, 3."""
    today = timezone.localdate()
    for house in ("hospital", "tcm", "chengguan", "hekou"):
        institution = getattr(cast.institutions, house)
        codes = [code for place, code, _name, _specialty in DEPARTMENTS.values() if place == house]
        rows = [row for code in codes if code != "pharmacy" for row in _day_rows(code)]
        for day in range(DAYS_OF_CAPACITY):
            houses.publish_capacity(actor=SYSTEM, institution=institution, date=today + timedelta(days=day), rows=rows)


def _day_rows(code: str) -> list[dict]:
    slots = [
        {"department": code, "kind": "slot", "session": session, "total": 10, "referral_quota": 4}
        for session in ("am", "pm")
    ]
    return [*slots, {"department": code, "kind": "bed", "session": "day", "total": 6, "referral_quota": 3}]
