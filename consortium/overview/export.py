"""The overview as a table to take away: counts only, with what each figure means."""

from collections.abc import Iterator

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consortium.overview.cells import Ratio
from consortium.overview.sections import Overview
from toolkit.words import labelled


def lines_of(page: Overview) -> Iterator[list]:
    """Rows of cells: what, of whom (three columns), numerator, denominator, share in percent, median in minutes."""
    period = page.asked.period
    made = f"{localtime(page.now):%Y-%m-%d %H:%M}"
    yield [labelled(_("统计期间"), f"{period.since} – {period.until}"), labelled(_("导出时间"), made)]
    yield [
        _("指标"), _("机构"), _("对方机构或时限类别"), _("方向、原因或科室"), _("分子（例数）"), _("分母"),
        _("比例（%）"), _("首次答复中位用时（分）"), _("口径"),
    ]  # fmt: skip
    for ratio in (*page.tiles, *page.reasoned, page.overdue):
        yield _ratio_line(ratio)
    for flow in page.flows:
        yield [_("流向"), flow.sender, flow.receiver, flow.direction, flow.number.count, None, None, None, None]
    for each in page.answers:
        minutes = None if each.median is None else round(each.median.total_seconds() / 60)
        yield _ratio_line(each.ratio, each.house, each.tier, minutes=minutes)
    for reason in page.reasons:
        yield [reason.what, None, None, reason.words, reason.number.count, None, None, None, None]
    for channel, ratios in page.greens:
        yield from (_ratio_line(ratio, None, channel) for ratio in ratios)
    for each in page.stuck:
        yield [
            page.overdue.figure.label,
            each.house,
            None,
            each.unit,
            each.late.count,
            each.live.count,
            None,
            None,
            None,
        ]


def _ratio_line(ratio: Ratio, house=None, kind=None, *, minutes=None) -> list:
    share = ratio.share
    percent = share.percent if share.figure.percent else None
    return [share.figure.label, house, kind, None, share.part, share.whole, percent, minutes, share.figure.words]
