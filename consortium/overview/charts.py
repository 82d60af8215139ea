"""What the charts are drawn from. Each repeats a table of the page; the words come translated from here."""

from django.utils.translation import gettext as _

from consortium.overview.sections import MOST_FLOWS, Overview, bar_words

MOST_BARS = 12


def charts_of(page: Overview) -> dict:
    """Name → {"kind", …}: flows as {"nodes", "links"}, the others as {"bars": [{"label", "value", "text", "url"}]}."""
    return {"flows": _flows(page), "punctual": _punctual(page), "reasons": _reasons(page), "stuck": _stuck(page)}


def _flows(page) -> dict:
    shown = page.flows[:MOST_FLOWS]
    nodes = {f"from {flow.ends[0]}": flow.sender for flow in shown}
    nodes |= {f"to {flow.ends[1]}": flow.receiver for flow in shown}
    links = [
        {
            "source": f"from {flow.ends[0]}", "target": f"to {flow.ends[1]}", "value": flow.number.count,
            "url": flow.number.url,
            "text": _("%(sender)s → %(receiver)s（%(direction)s）：%(count)s") % {
                "sender": flow.sender, "receiver": flow.receiver, "direction": flow.direction,
                "count": flow.number.count,
            },
        }
        for flow in shown
    ]  # fmt: skip
    return {"kind": "flows", "nodes": [{"name": name, "label": label} for name, label in nodes.items()], "links": links}


def _punctual(page) -> dict:
    bars = [
        {"label": house, "value": ratio.share.percent, "text": bar_words(ratio), "url": ratio.whole.url}
        for house, ratio in page.punctual[:MOST_BARS]
    ]
    return {"kind": "bars", "bars": bars, "most": 100, "unit": "%"}


def _reasons(page) -> dict:
    bars = [
        {
            "label": f"{reason.what} · {reason.words}", "value": reason.number.count, "text": str(reason.number.count),
            "url": reason.number.url,
        }
        for reason in sorted(page.reasons, key=lambda each: -each.number.count)[:MOST_BARS]
    ]  # fmt: skip
    return {"kind": "bars", "bars": bars}


def _stuck(page) -> dict:
    bars = [
        {
            "label": f"{each.house} {each.unit}", "value": each.late.count, "text": str(each.late.count),
            "url": each.late.url,
        }
        for each in page.stuck[:MOST_BARS]
    ]  # fmt: skip
    return {"kind": "bars", "bars": bars, "tone": "late"}
