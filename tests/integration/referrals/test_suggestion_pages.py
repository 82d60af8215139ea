"""The writing page's list of who could take the patient: rows with their figures, one click to choose."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from institutions.models import Capacity, Relation
from referrals.models import WaitingTime
from tests.integration.referrals.pages import HTMX, statements
from tests.integration.referrals.test_suggestions import add_houses
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
SUGGESTIONS, DESTINATIONS = reverse("referrals:suggestions"), reverse("referrals:destinations")
ASKED = {"direction": "up", "specialty": "cardiology", "kind": "outpatient", "urgency": "routine"}
CORE = "县人民医院 心内科 牵头医院 直接上级 · 二级甲等"
TCM = "县中医院 心病科 直接上级 · 二级乙等"
MOST_STATEMENTS = 12

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def ask(cast, who="township_doctor", address=SUGGESTIONS, **given):
    return cast.browser(who).post(address, ASKED | given, headers=HTMX)


def rows(answer) -> list[str]:
    """Each destination as its words."""
    found = re.findall(r'<span class="suggestion-words">.*?</label>', answer.content.decode(), re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", each).split()) for each in found]


def test_every_figure_in_words(cast):
    Relation.objects.filter(receiver=cast.institutions.hospital).update(travel_minutes=12)
    Capacity.objects.filter(department=cast.departments.tcm_cardiology).delete()
    row = {"department": cast.departments.cardiology, "care": "slot", "urgency": "routine", "sample": 6}
    old = {"window_days": 90, "computed_at": MOMENT - timedelta(hours=2)}
    WaitingTime.objects.create(**row, **old, median_minutes=2801)
    assert rows(ask(cast)) == [
        f"{CORE} 空号 最早 今天，余 124 等候 约 2 天（03-11 08:00 的数据） 路程 12 分钟 现在 有人值守",
        f"{TCM} 空号 未发布，请电话询问 等候 样本不足 路程 未填写 现在 有人值守",
    ]


def test_full_and_shut(cast, clock):
    Capacity.objects.filter(department=cast.departments.cardiology).update(referral_quota=0, total=0)
    Relation.objects.filter(receiver=cast.institutions.tcm).update(active=False)
    clock.move_to(datetime(2026, 3, 14, 10, 0, tzinfo=ZONE))
    assert rows(ask(cast)) == [
        f"{CORE} 空号 14 天内已满 等候 样本不足 路程 未填写 现在 03-16 周一 08:00 上班"
    ]  # fmt: skip


def test_who_answers_by_telephone_and_needs_no_place(cast):
    answer = ask(cast, "cardiologist", direction="down", specialty="general_practice", kind="follow_up")
    assert rows(answer)[-1] == "李庄村卫生室 全科 下级机构 · 未定级 路程 未填写 现在 电话联系 0839-7250001、有人值守"


def test_choosing_one_sets_receiver_and_department(cast):
    given = re.findall(r"hx-vals='({[^']*})'", ask(cast).content.decode())
    assert given[1] == '{"receiver": "county-tcm", "department": "cardiology"}'
    after = ask(cast, address=DESTINATIONS, receiver="county-tcm", department="cardiology").content.decode()
    ends = re.search(r'<div id="ends">.*', after, re.S)[0]
    assert re.findall(r'value="([^"]*)" selected', ends) == ["county-tcm", "cardiology"]
    specialties = after.partition('name="specialty"')[2].partition("</select>")[0]
    assert re.findall(r'value="(\w+)"', specialties) == ["neurology", "cardiology", "general_surgery", "emergency"]
    assert 'value="cardiology" selected' in specialties


def test_what_cannot_be_is_no_list(cast):
    assert rows(ask(cast, specialty="magic")) == []
    assert rows(ask(cast, direction="down")) == []
    assert len(rows(ask(cast, kind="magic", urgency="\0"))) == 2
    assert rows(ask(cast, "outsider_doctor")) == []
    assert ask(cast, "township_desk").status_code == 403
    assert "selected>" not in ask(cast, address=DESTINATIONS, specialty="magic").content.decode().partition("ends")[0]


def test_thirty_rows_cost_no_more_than_two(cast):
    browser = cast.browser("township_doctor")

    def cost():
        with statements() as ran:
            answer = browser.post(SUGGESTIONS, ASKED, headers=HTMX)
        return len(rows(answer)), len(ran)

    cost()  # the first request also keeps the session
    few = cost()
    add_houses(cast, 28)
    assert (few[0], few[1] <= MOST_STATEMENTS) == (2, True)
    assert cost() == (30, few[1])
