"""The first day of a production installation."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, User
from institutions.models import Consortium, Member

pytestmark = pytest.mark.django_db
GIVEN = {
    "code": "yunxi", "name": "云溪县域医共体", "kind": "county", "hospital": "county-hospital",
    "hospital_name": "云溪县人民医院", "level": "2a", "type": "A100",
    "office": ["wanghong", "王红"], "administrator": ["liqiang", "李强"],
}  # fmt: skip


def test_a_consortium_with_its_core_hospital_and_two_administrators(capsys, client):
    call_command("found", **GIVEN)
    member = Member.objects.select_related("consortium", "institution").get()
    assert (member.consortium.code, member.institution.code, member.role) == ("yunxi", "county-hospital", "core")
    roles = dict(Membership.objects.values_list("user__username", "roles"))
    assert roles == {"wanghong": ["consortium_administrator"], "liqiang": ["institution_administrator"]}
    printed = dict(line.split()[1:3] for line in capsys.readouterr().out.splitlines()[:2])
    signed_in = client.post("/login/", {"username": "wanghong", "password": printed["wanghong"]})
    assert signed_in.status_code == 302
    assert User.objects.get(username="wanghong").must_change_password


def test_what_is_wrong_is_said_and_nothing_is_kept():
    with pytest.raises(CommandError, match="username|name"):
        call_command("found", **GIVEN | {"administrator": ["wanghong", "李强"]})
    assert not Consortium.objects.exists()
    assert not User.objects.exists()
