"""The office looks at the overview, opens what is stuck by its bar, and a doctor unfolds what became of a patient."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import PHONE, WARD_PC

pytestmark = pytest.mark.journey
DRAWN = """(box) => {
  const canvas = box.querySelector("canvas");
  return canvas !== null && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
}"""


@pytest.mark.parametrize("screen", [WARD_PC, PHONE], ids=["ward", "phone"])
def test_every_chart_is_drawn_and_a_bar_opens_its_rows(visitor, screen):
    # Given the office has the figures on the screen
    office = visitor("mahongmei", screen=screen)
    office.reads("统计概览")
    # Then every chart is drawn, under the content security policy
    charts = office.page.locator("[data-chart]")
    expect(charts).to_have_count(4)
    for chart in charts.all():
        chart.scroll_into_view_if_needed()
        assert chart.evaluate(DRAWN), chart.get_attribute("data-chart")
    office.look("overview")
    # When it clicks the longest waiting bar
    late = office.page.locator("section:has(#stuck) tbody tr").first.locator("td b").inner_text()
    box = office.page.locator("[data-chart=stuck]")
    share = 0.42 if box.bounding_box()["width"] < 480 else 0.36
    box.scroll_into_view_if_needed()
    box.click(position={"x": min(230, box.bounding_box()["width"] * share) + 8, "y": 20})
    # Then it reads exactly these referrals
    expect(office.page.locator("h1")).to_have_text("现在逾期")
    office.sees(re.compile(f"共 {late} 张转诊单"))
    expect(office.page.locator("#rows tbody tr")).to_have_count(int(late))


def test_a_doctor_unfolds_what_became_of_a_patient(visitor):
    doctor = visitor("zhangjianguo")
    doctor.reads("我的转诊结局")
    doctor.sees_not("慢性胆囊炎伴胆囊结石")
    doctor.clicks(doctor.page.locator(".outcome", has_text="普外科").locator("summary"))
    doctor.sees("慢性胆囊炎伴胆囊结石")
    doctor.sees("腹腔镜胆囊切除术")
    doctor.look("outcome")
