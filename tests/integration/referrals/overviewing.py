"""What the tests of the overview share: asking it, and following its numbers to their rows."""

import html
import re

from django.urls import reverse

OFFICE = "consortium_administrator"


def overview(browser, **query):
    return browser.get(reverse("overview", query=query or None))


def shares(answer) -> dict:
    """Figure → (numerator, denominator) of the tiles and of the reasons' line."""
    shown = answer.context["shown"]
    return {each.figure.name: (each.share.part, each.share.whole) for each in (*shown.tiles, *shown.reasoned)}


def numbers(answer) -> list[tuple[str, int]]:
    """(address, number) of everything on the page that opens its rows, the charts' bars included."""
    found = re.findall(r'<a href="([^"]*/overview/rows/[^"]*)">(\d+)</a>', answer.text)
    return [(html.unescape(url), int(number)) for url, number in found]


def rows_behind(browser, url) -> list[str]:
    """The numbers of all referrals of a list, page by page."""
    found = []
    while url:
        answer = browser.get(url)
        assert answer.status_code == 200, url
        found += [row.referral.number for row in answer.context["rows"]]
        url = next_of(answer)
    return found


def next_of(answer) -> str | None:
    """The address of the page after this one."""
    after = re.search(r'rel="next" href="([^"]+)"', answer.text)
    return html.unescape(after[1]) if after else None
