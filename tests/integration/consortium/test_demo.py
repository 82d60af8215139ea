"""The demo: what it shows at whatever hour it is made, and that it is made anew only while nobody has touched it."""

import json
import stat
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from accounts.actors import actor_for_membership
from accounts.models import ApiClient, Membership, User
from consortium import tour
from consortium.demo import people, seeding
from events.actor import system_actor
from events.log import record
from events.models import Errand, Event
from institutions.models import Capacity, Institution
from notifications.models import Delivery
from records.models import Patient
from referrals.models import Referral
from tests.integration.consortium import touring

BASE = Path(__file__).resolve().parents[3]
STATUSES = {
    "accepted": 4, "arrived": 4, "closed": 9, "concluded": 2, "draft": 2, "following_up": 2, "forwarded": 2,
    "in_review": 1, "in_transit": 1, "no_show": 1, "rejected": 1, "returned": 1, "scheduled": 5, "settled": 3,
    "submitted": 5, "withdrawn": 2,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_the_demo(settings):
    settings.DEMO = True


def local(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai"))


def run(**options) -> str:
    """Call the command; answers what it printed."""
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(local(2026, 11, 23, 0, 10), id="Monday just after midnight"),
        pytest.param(local(2026, 10, 7, 21, 0), id="the last evening of a week of holidays"),
    ],
)
def test_the_tour_looks_the_same_at_any_hour(moment, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with time_machine.travel(moment):
        run()
        assert_the_tour_is_set()


def assert_the_tour_is_set():
    now = timezone.now()
    assert Counter(Referral.objects.values_list("status", flat=True)) == STATUSES
    assert_everything_is_in_one_hand()
    assert Event.objects.filter(recorded_at__gt=now).count() == 0
    assert list(Event.objects.order_by("recorded_at", "id")) == list(Event.objects.order_by("id"))
    assert set(Errand.objects.values_list("state", flat=True)) == {"done"}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert mail.outbox == []
    unanswered = Referral.objects.filter(deadline__lt=now, status="submitted", rung__gte=1)
    assert [(referral.patient.name, referral.rung) for referral in unanswered] == [("罗玉兰", 3)]
    touring.assert_it_can_be_walked(unanswered[0])
    to_review = Referral.objects.filter(review_due__gt=now)
    assert {(each.patient.name, each.completion_rung) for each in to_review} == {("彭小兰", 0), ("田国富", 1)}


def assert_everything_is_in_one_hand():
    """Every live referral is on the lists of one house's desk or of its doctors, the ended ones on nobody's."""
    lists = {}
    for job in Membership.objects.select_related("user", "institution").order_by("pk"):
        actor = actor_for_membership(job)
        for pk in Referral.objects.turn_of(actor).values_list("pk", flat=True):
            lists.setdefault(pk, set()).add((actor.institution_id, "desk" in actor.roles))
    assert set(lists) == set(Referral.objects.live().values_list("pk", flat=True))
    assert [houses for houses in lists.values() if len(houses) != 1] == []


class TheDemo(TestCase):
    """Made once, looked at and touched in many ways."""

    @classmethod
    def setUpTestData(cls):
        folder = cls.enterClassContext(TemporaryDirectory())
        cls.enterClassContext(override_settings(DEMO=True, VAR_DIR=Path(folder)))
        cls.path = Path(folder) / "demo.json"
        cls.printed = run()

    def told(self) -> dict:
        return json.loads(self.path.read_text(encoding="utf-8"))

    def test_now(self):
        assert_the_tour_is_set()

    def test_the_second_start_changes_nothing(self):
        before = self.contents()
        assert run() == self.printed.split("\n", 1)[1]
        assert self.contents() == before

    def contents(self):
        """Everything a second start could have changed."""
        counted = [Event, Referral, User, Membership, ApiClient, Patient, Institution, Capacity, Delivery]
        return (
            [model.objects.count() for model in counted],
            list(Referral.objects.order_by("pk").values_list("number", "status", "version", "deadline", "touched_at")),
            list(User.objects.order_by("pk").values_list("username", "password")),
            list(ApiClient.objects.order_by("pk").values_list("client_id", "client_secret")),
            self.path.read_text(encoding="utf-8"),
        )

    def test_the_file_is_for_its_owner_alone(self):
        assert stat.S_IMODE(self.path.stat().st_mode) == 0o600
        assert sorted(self.told()) == ["accounts", "clients"]

    def test_its_accounts_work(self):
        for account in self.told()["accounts"]:
            assert sorted(account) == ["institution", "password", "role", "username"]
            user = User.objects.get(username=account["username"])
            assert (user.is_demo, user.must_change_password) == (True, False)
            assert user.check_password(account["password"])
            assert account["password"] in self.printed
            job = user.memberships.order_by("pk").first()
            assert (job.roles, job.institution.code) == ([account["role"]], account["institution"])
        assert {account["role"] for account in self.told()["accounts"]} == set(tour.ABILITIES)

    def test_its_clients_get_tokens(self):
        assert [client["institution"] for client in self.told()["clients"]] == list(people.CLIENTS)
        for client in self.told()["clients"]:
            assert token_for(client)["scope"].split() == client["scopes"]
        assert {tuple(roles) for roles in ApiClient.objects.values_list("roles", flat=True)} == {("doctor", "desk")}

    def test_the_guide_begins_with_the_referral_just_sent(self):
        doctor = actor_for_membership(Membership.objects.get(user__username="zhangjianguo"))
        turn = tour.whose_turn(doctor)
        assert (turn.number, turn.username) == (Referral.objects.order_by("pk").last().number, "huanglihua")

    def test_looking_is_not_touching_and_acting_is(self):
        mark = seeding.mark()
        assert self.client.post("/demo-login/", {"username": "huanglihua"}).status_code == 302
        assert Event.objects.filter(pk__gt=mark.pk, name="session.opened").count() == 1
        record("referral.reminded", actor=system_actor(), subject="referral:R0")
        assert seeding.is_touched(mark) is False
        desk = actor_for_membership(Membership.objects.get(user__username="huanglihua"))
        record("capacity.published", actor=desk, subject="institution:county-hospital")
        assert seeding.is_touched(mark) is True

    def test_an_autosaved_draft_is_touched(self):
        Referral.objects.filter(status="draft").update(version=2)
        assert seeding.is_touched(seeding.mark()) is True

    def test_a_touched_demo_goes_on_with_places_for_the_days_ahead(self):
        with time_machine.travel(timezone.now() + timedelta(days=10)):
            doctor = actor_for_membership(Membership.objects.get(user__username="zhangjianguo"))
            record("patient.changed", actor=doctor, subject="patient:P0")
            referrals = list(Referral.objects.order_by("pk").values_list("number", "version"))
            assert "left as it is" in run()
            today = timezone.localdate()
            days = set(Capacity.objects.filter(date__gte=today).values_list("date", flat=True))
            assert days == {today + timedelta(days=ahead) for ahead in range(15)}
            assert list(Referral.objects.order_by("pk").values_list("number", "version")) == referrals

    def test_passwords_follow_a_new_secret_key(self):
        first = self.told()["accounts"]
        with override_settings(SECRET_KEY="another-secret-key-of-this-installation"):
            run()
            second = self.told()["accounts"]
            assert not {each["password"] for each in first} & {each["password"] for each in second}
            assert all(User.objects.get(username=a["username"]).check_password(a["password"]) for a in second)
            kinds = [token_for(client)["token_type"] for client in self.told()["clients"]]
            assert kinds == ["Bearer"] * len(people.CLIENTS)
        run()
        assert self.told()["accounts"] == first


def token_for(client):
    asked = {name: client[name] for name in ("client_id", "client_secret")}
    answer = Client().post("/oauth2/token", asked | {"grant_type": "client_credentials"})
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.django_db
def test_only_in_a_demo(settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = False, tmp_path
    with pytest.raises(CommandError, match="DEMO=true"):
        run()
    assert (User.objects.count(), list(tmp_path.iterdir())) == (0, [])


def test_never_into_a_database_in_use(cast, settings, tmp_path):
    settings.VAR_DIR, events = tmp_path, Event.objects.count()
    with pytest.raises(CommandError, match="something else"):
        run()
    assert (Event.objects.count(), list(tmp_path.iterdir())) == (events, [])
