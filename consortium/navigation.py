"""What stands in the rail: which pages exist for whom."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import VILLAGE_DOCTOR, works_in_village


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the rail. Any one of `needs` opens it; none means everybody who is logged in."""

    url_name: str
    label: str
    icon: str
    needs: tuple[str, ...] = ()
    count: str = ""
    """Name of the page that answers how much waits there, for a list of what is owed."""

    only_for: str = ""
    """A role whose own page it is; nobody else is shown it, whatever he may do."""

    not_in_village: bool = False
    """Left out for a village doctor, who has shorter pages of his own for it."""

    def is_open_to(self, actor) -> bool:
        if self.only_for and self.only_for not in actor.roles:
            return False
        if self.not_in_village and works_in_village(actor.roles):
            return False
        return not self.needs or any(actor.may(permission) for permission in self.needs)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A page as the rail shows it on one request."""

    label: str
    icon: str
    url: str
    current: bool
    count_url: str | None = None


VILLAGE_PAGES = (
    Page(url_name="referrals:village", label=_("村医首页"), icon="home", only_for=VILLAGE_DOCTOR),
    Page(
        url_name="referrals:village_refer", label=pgettext_lazy("village", "转诊"), icon="send", only_for=VILLAGE_DOCTOR
    ),
    Page(url_name="referrals:village_sent", label=_("我的病人到哪了"), icon="map-pin", only_for=VILLAGE_DOCTOR),
    Page(url_name="referrals:village_back", label=_("回来的病人"), icon="home-heart", only_for=VILLAGE_DOCTOR),
)
REFERRAL_PAGES = (
    *VILLAGE_PAGES,
    Page(url_name="referrals:my_turn", label=_("待我处理"), icon="checklist", needs=("referral.read",)),
    Page(
        url_name="referrals:new",
        label=_("发起转诊"),
        icon="square-plus",
        needs=("referral.write",),
        not_in_village=True,
    ),
    Page(
        url_name="advice:my_turn",
        label=_("转诊前咨询"),
        icon="message-question",
        needs=("referral.read",),
        count="advice:count",
    ),
    Page(
        url_name="referrals:incoming",
        label=_("转入"),
        icon="arrow-bar-to-right",
        needs=("referral.read",),
        not_in_village=True,
    ),
    Page(
        url_name="referrals:outgoing",
        label=_("转出"),
        icon="arrow-bar-right",
        needs=("referral.read",),
        not_in_village=True,
    ),
    Page(
        url_name="referrals:to_complete",
        label=_("待补录"),
        icon="file-pencil",
        needs=("referral.write", "referral.send"),
        count="referrals:to_complete_count",
    ),
    Page(
        url_name="referrals:to_review",
        label=_("绿色通道评审"),
        icon="clipboard-search",
        needs=("referral.oversee",),
        count="referrals:to_review_count",
    ),
    Page(url_name="referrals:overseen", label=_("全部转诊"), icon="eye-check", needs=("referral.oversee",)),
    Page(url_name="referrals:outcomes", label=_("我的转诊结局"), icon="report-medical", needs=("referral.write",)),
    Page(url_name="overview", label=_("统计概览"), icon="chart-bar", needs=("figures.read",)),
    Page(
        url_name="referrals:deferred",
        label=_("候诊名单"),
        icon="hourglass",
        needs=("referral.read",),
        not_in_village=True,
    ),
    Page(
        url_name="referrals:blanks",
        label=_("空白转诊单"),
        icon="file-pencil",
        needs=("referral.write", "referral.send"),
    ),
    Page(url_name="referrals:ratings", label=_("患者评价"), icon="star", needs=("referral.read",)),
    Page(
        url_name="referrals:indications",
        label=_("转诊指征"),
        icon="list-check",
        needs=("referral.read",),
        not_in_village=True,
    ),
    Page(
        url_name="institutions:calendar",
        label=_("预约日历"),
        icon="calendar-event",
        needs=("referral.read", "capacity.manage"),
        not_in_village=True,
    ),
    Page(url_name="notifications:inbox", label=_("消息"), icon="bell"),
)
HOUSE_PAGES = (
    Page(
        url_name="institutions:departments",
        label=pgettext_lazy("many", "科室"),
        icon="building-hospital",
        needs=("institution.manage", "consortium.manage"),
    ),
    Page(
        url_name="institutions:capacity",
        label=_("号源床位"),
        icon="bed",
        needs=("capacity.manage", "consortium.manage"),
    ),
    Page(
        url_name="institutions:relations",
        label=_("转诊关系"),
        icon="arrows-exchange",
        needs=("institution.manage", "consortium.manage"),
    ),
    Page(url_name="referrals:limits", label=_("转诊时限"), icon="hourglass-high", needs=("consortium.manage",)),
    Page(url_name="accounts:staff", label=_("人员"), icon="users", needs=("staff.manage", "consortium.manage")),
    Page(url_name="accounts:duty", label=_("值班"), icon="clock-hour-4", needs=("staff.manage", "consortium.manage")),
    Page(
        url_name="institutions:profile",
        label=_("机构资料"),
        icon="id",
        needs=("institution.manage", "consortium.manage"),
    ),
    Page(
        url_name="accounts:clients",
        label=_("接口客户端"),
        icon="plug",
        needs=("institution.manage", "consortium.manage"),
    ),
    Page(url_name="institutions:members", label=_("成员机构"), icon="building-community", needs=("consortium.manage",)),
    Page(url_name="notifications:deliveries", label=_("通知发送"), icon="send", needs=("delivery.manage",)),
    Page(
        url_name="notifications:robots",
        label=_("群机器人"),
        icon="robot",
        needs=("institution.manage", "consortium.manage"),
    ),
    Page(url_name="trail", label=_("审计记录"), icon="list-search", needs=("audit.read",)),
)
GROUPS = ((pgettext_lazy("many", "转诊"), REFERRAL_PAGES), (_("机构管理"), HOUSE_PAGES))


def navigation(actor, path: str) -> list[tuple[str, list[Entry]]]:
    """(group, entries) open to `actor`, without empty groups; the one entry nearest to `path` is marked."""
    urls = {page: address(page.url_name) for _name, pages in GROUPS for page in pages if page.is_open_to(actor)}
    here = max((url for url in urls.values() if url and path.startswith(url)), key=len, default=None)
    groups = (
        (
            name,
            [
                Entry(
                    label=page.label,
                    icon=page.icon,
                    url=urls[page],
                    current=urls[page] == here,
                    count_url=address(page.count) if page.count else None,
                )
                for page in pages
                if urls.get(page)
            ],
        )
        for name, pages in GROUPS
    )
    return [(name, entries) for name, entries in groups if entries]


def address(url_name: str, *args) -> str | None:
    """The address of a named page, or None where that part of the project is not there."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return None
