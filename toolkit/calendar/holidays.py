"""What a day is called: the national holidays of China."""

import chinese_calendar
from django.utils.translation import gettext_lazy as _

NAMES = {
    "New Year's Day": _("元旦"),
    "Spring Festival": _("春节"),
    "Tomb-sweeping Day": _("清明节"),
    "Labour Day": _("劳动节"),
    "Dragon Boat Festival": _("端午节"),
    "National Day": _("国庆节"),
    "Mid-autumn Festival": _("中秋节"),
    "Anti-Fascist 70th Day": _("抗战胜利纪念日"),
}


def holiday_of(day) -> str:
    """The holiday a national day off or make-up working day belongs to; "" on any other day and in unknown years."""
    try:
        _off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return NAMES.get(name, "")
