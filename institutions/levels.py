"""Hospital levels (机构等级) and institution types (WS 218-2002), and the referral tier that follows from them.

The tier decides the direction of a generated relation: from a lower to a higher tier is up. The rated level
counts first (a township hospital can win level two); what is not rated falls back to its type, so that an unrated
township hospital still stands above the village clinics it serves.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    THREE_SPECIAL = "3_special", _("三级特等")
    THREE_A = "3a", _("三级甲等")
    THREE_B = "3b", _("三级乙等")
    THREE_C = "3c", _("三级丙等")
    TWO_A = "2a", _("二级甲等")
    TWO_B = "2b", _("二级乙等")
    TWO_C = "2c", _("二级丙等")
    ONE_A = "1a", _("一级甲等")
    ONE_B = "1b", _("一级乙等")
    ONE_C = "1c", _("一级丙等")
    UNRATED = "unrated", _("未定级")


TYPES = {
    "A100": _("综合医院"),
    "A210": _("中医综合医院"),
    "A220": _("中医专科医院"),
    "A300": _("中西医结合医院"),
    "A400": _("民族医院"),
    "A511": _("口腔医院"),
    "A512": _("眼科医院"),
    "A513": _("耳鼻喉科医院"),
    "A514": _("肿瘤医院"),
    "A515": _("心血管病医院"),
    "A516": _("胸科医院"),
    "A517": _("血液病医院"),
    "A518": _("妇产（科）医院"),
    "A519": _("儿童医院"),
    "A520": _("精神病医院"),
    "A521": _("传染病医院"),
    "A522": _("皮肤病医院"),
    "A523": _("结核病医院"),
    "A525": _("职业病医院"),
    "A526": _("骨科医院"),
    "A527": _("康复医院"),
    "A528": _("整形外科医院"),
    "A529": _("美容医院"),
    "A539": _("其他专科医院"),
    "A600": _("疗养院"),
    "A700": _("护理院（站）"),
    "B100": _("社区卫生服务中心"),
    "B200": _("社区卫生服务站"),
    "C100": _("街道卫生院"),
    "C210": _("中心卫生院"),
    "C220": _("乡卫生院"),
    "D100": _("门诊部"),
    "D200": _("诊所"),
    "D300": _("卫生所（室）"),
    "D400": _("医务室"),
    "D500": _("中小学卫生保健所"),
    "D600": _("村卫生室"),
    "E100": _("急救中心"),
    "E200": _("急救中心站"),
    "E300": _("急救站"),
    "F100": _("血站"),
    "G100": _("妇幼保健院"),
    "G200": _("妇幼保健所"),
    "G300": _("妇幼保健站"),
    "H100": _("专科疾病防治院"),
    "H200": _("专科疾病防治所（站、中心）"),
    "J100": _("疾病预防控制中心"),
    "L100": _("医学检验实验室"),
    "L200": _("医学影像诊断中心"),
    "L300": _("病理诊断中心"),
    "L400": _("血液透析中心"),
    "L500": _("医疗消毒供应中心"),
}
"""WS 218-2002 class codes in use; `L…` are our own for the independent centres that the standard does not know yet."""

FIRST_TIER_WITHOUT_RATING = ("A", "B100", "C", "G", "H")


def tier(level, type_code):
    """The referral tier, 3 (highest) to 0, of a level code and a WS 218 type code."""
    if level != Level.UNRATED:
        return int(level[0])
    return 1 if type_code.startswith(FIRST_TIER_WITHOUT_RATING) else 0
