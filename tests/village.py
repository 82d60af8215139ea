"""A village clinic on the platform with its doctor, admitted to the cast's consortium through the real acts.

village = tests.village.admit(cast)
village.clinic, village.doctor (Actor), village.general, village.browser()
"""

from types import SimpleNamespace

from django.test import Client

from accounts import actions as people
from accounts.actors import actor_for_membership
from accounts.models import Membership
from accounts.sessions import KEY as MEMBERSHIP_KEY
from institutions import actions as houses
from institutions.models import Relation
from tests.cast import LONG_AGO, PASSWORD, SYSTEM


def admit(cast) -> SimpleNamespace:
    """北关村卫生室: five minutes from the township, without a known way to anybody else."""
    clinic = houses.add_institution(
        actor=SYSTEM, code="beiguan", name="北关村卫生室", level="unrated", type="D600", consortium=cast.consortium,
        joined_on=LONG_AGO, address="青川县城关镇北关村", desk_phone="0839-7280001", duty_phone="0839-7280120",
    )  # fmt: skip
    houses.generate_relations(actor=SYSTEM, consortium=cast.consortium)
    general = houses.add_department(
        actor=SYSTEM,
        institution=clinic,
        code="general",
        name="全科",
        specialty="general_practice",
        phone="0839-7280002",
    )
    own = Relation.objects.select_related("sender", "receiver", "consortium").get(
        sender=clinic, receiver=cast.institutions.chengguan
    )
    houses.set_travel_time(actor=SYSTEM, relation=own, minutes=5)
    user = people.create_user(
        actor=SYSTEM, username="village-doctor", name="村医老唐", password=PASSWORD, phone="13908390999",
        email="village@example.org", must_change_password=False,
    )  # fmt: skip
    job = people.add_membership(
        actor=SYSTEM, user=user, institution=clinic, roles=["village_doctor"], department=general, staff_number="V001",
        title="乡村医生", started_on=LONG_AGO,
    )  # fmt: skip
    job = Membership.objects.select_related("user", "institution", "department").get(pk=job.pk)

    def browser() -> Client:
        window = Client()
        window.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = window.session
        session[MEMBERSHIP_KEY] = job.pk
        session.save()
        return window

    return SimpleNamespace(
        clinic=clinic, general=general, user=user, job=job, doctor=actor_for_membership(job), browser=browser
    )
