"""Group robots of 企业微信 and 钉钉: which addresses they may have, how they are called, what they answer.

Whoever knows an address can write into the group, so it is encrypted at rest, shown masked and never logged. Only
the two makers' own hosts are called, and those the installation allows by ROBOT_ORIGINS.
"""

import base64
import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, quote_plus, urlsplit

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from notifications.models import Delivery, Robot
from notifications.sending import Declined, NoAnswer, NotYet, code_of, post

WINDOW = timedelta(minutes=1)
PER_WINDOW, ORDINARY_PER_WINDOW = 10, 8
"""Both makers allow 20 messages a minute and shut a robot up that sends more; with 10 in each minute of our own no
60 seconds can see more than 20. The last two are kept for what presses."""
LONGEST_ADDRESS = 400
_KEY = re.compile(r"[A-Za-z0-9_-]{8,200}")


@dataclass(frozen=True)
class Maker:
    """Where a kind of robot lives, the parameter its key stands in, and the codes that no other try will change."""

    origin: str
    path: str
    key: str
    final: frozenset[str]


MAKERS = {
    Robot.Kind.WECOM: Maker(
        "https://qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key", frozenset({"93000", "40008", "40058"})
    ),
    Robot.Kind.DINGTALK: Maker(
        "https://oapi.dingtalk.com",
        "/robot/send",
        "access_token",
        frozenset({"300001", "310000", "400013", "400101", "400102"}),
    ),
}


def is_allowed(kind: str, address: str) -> bool:
    """Whether this is a robot's address of that kind, at a host that may be called."""
    maker = MAKERS[kind]
    try:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        return False
    named = [name for name, _value in given] == [maker.key] and bool(_KEY.fullmatch(given[0][1]))
    plain = "@" not in parts.netloc and not parts.fragment and address.isascii() and address.isprintable()
    return (plain and named and parts.path == maker.path and origin in {maker.origin, *settings.ROBOT_ORIGINS}) and len(
        address
    ) <= LONGEST_ADDRESS


def masked(address: str) -> str:
    """The address as people may see it again: where it leads, and the end of its key."""
    return f"{urlsplit(address).hostname} … {address[-4:]}"


def send(robot: Robot, words: str, *, urgent: bool) -> None:
    """One text message. Raises `NotYet` at the limit, else what `sending.post` raises, else by the maker's code."""
    maker = MAKERS[robot.kind]
    if not is_allowed(robot.kind, robot.address):
        raise Declined(Delivery.Why.NOT_ALLOWED, final=True)
    _take_turn(robot, PER_WINDOW if urgent else ORDINARY_PER_WINDOW)
    answer = post(robot.address + signature(robot), json={"msgtype": "text", "text": {"content": words}})
    code = answer.get("errcode")
    if not isinstance(code, int):
        raise NoAnswer
    if code != 0:
        raise Declined(f"errcode-{code_of(code)}", final=str(code) in maker.final)


def signature(robot: Robot) -> str:
    """What 钉钉 wants behind the address of a robot that has a secret; "" for all others."""
    if robot.kind != Robot.Kind.DINGTALK or not robot.secret:
        return ""
    now = round(time.time() * 1000)
    digest = hmac.new(robot.secret.encode(), f"{now}\n{robot.secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={now}&sign={quote_plus(base64.b64encode(digest).decode())}"


def _take_turn(robot: Robot, most: int) -> None:
    """One of the messages this minute may see, by one conditional UPDATE, so that all workers count together."""
    now = timezone.now()
    mine = Robot.objects.filter(pk=robot.pk)
    if mine.filter(window_at__gt=now - WINDOW, window_count__lt=most).update(window_count=F("window_count") + 1):
        return
    if mine.filter(window_at__lte=now - WINDOW).update(window_at=now, window_count=1):
        return
    begun = mine.values_list("window_at", flat=True).first() or now
    raise NotYet(max(begun + WINDOW, now + timedelta(seconds=1)))
