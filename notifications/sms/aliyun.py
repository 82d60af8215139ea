"""阿里云短信 (dysmsapi 2017-05-25) over its signed HTTPS interface; why not its SDK: docs/adr/0022.

A message is taken when the answer's `Code` is "OK", whatever the HTTP status says. The interface knows no
idempotence: a repeat is a second message. So it is asked first for messages whose `OutId` is our id.
"""

import base64
import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from notifications.models import Delivery
from notifications.sending import Declined, NoAnswer, code_of, post

VERSION, REGION = "2017-05-25", "cn-hangzhou"
PAGE = {"PageSize": "50", "CurrentPage": "1"}
FAILED = 2
TEMPORARY = {
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isv.MONTH_LIMIT_CONTROL",
    "isv.OUT_OF_SERVICE",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.ACCOUNT_ABNORMAL",
    "isp.SYSTEM_ERROR",
    "isp.GATEWAY_ERROR",
    "ServiceUnavailable",
    "InternalError",
}
"""What passes, or what somebody can put right while it is tried again. Every other code of the account, the number,
the signature or the template would come back the same; whoever puts that right resends."""
TEMPORARY_KINDS = ("Throttling", "ServiceUnavailable")


def send(sms) -> None:
    template = settings.SMS_TEMPLATES.get(sms.text.template)
    if not template:
        raise Declined(Delivery.Why.NO_TEMPLATE, final=True)
    if sms.again and _was_taken(sms):
        return
    answer = _call(
        "SendSms",
        PhoneNumbers=sms.phone,
        SignName=settings.SMS_SIGNATURE,
        TemplateCode=template,
        TemplateParam=json.dumps(sms.text.params, ensure_ascii=False),
        OutId=sms.id,
    )
    if answer["Code"] != "OK":
        code = code_of(answer["Code"])
        raise Declined(code, final=not _passes(code))


def _was_taken(sms) -> bool:
    """Whether the provider has a message of this id, of the last hours, that did not fail; no when it does not say."""
    now = timezone.localtime()
    days = {(now - back).strftime("%Y%m%d") for back in (timedelta(0), timedelta(hours=2))}
    try:
        return any(_has(sms, _call("QuerySendDetails", PhoneNumber=sms.phone, SendDate=day, **PAGE)) for day in days)
    except (Declined, NoAnswer):
        return False


def _has(sms, answer: dict) -> bool:
    found = answer.get("SmsSendDetailDTOs")
    rows = found.get("SmsSendDetailDTO") if isinstance(found, dict) else None
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return any(row.get("OutId") == sms.id and row.get("SendStatus") != FAILED for row in rows)


def _call(action: str, **params) -> dict:
    """The answer, which has a `Code` at least."""
    answer = post(settings.SMS_ENDPOINT, data=signed({"Action": action, **params}))
    if not isinstance(answer.get("Code"), str):
        raise NoAnswer
    return answer


def _passes(code: str) -> bool:
    return code in TEMPORARY or code.startswith(TEMPORARY_KINDS)


def signed(params: dict, method: str = "POST") -> dict:
    """The parameters with those every call needs, and the signature over all of them (version 1.0)."""
    common = {
        "AccessKeyId": settings.SMS_KEY_ID,
        "Format": "JSON",
        "RegionId": REGION,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": str(uuid.uuid4()),
        "SignatureVersion": "1.0",
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": VERSION,
    }
    everything = common | params
    query = "&".join(f"{_quoted(name)}={_quoted(everything[name])}" for name in sorted(everything))
    wanted = f"{method}&{_quoted('/')}&{_quoted(query)}"
    digest = hmac.new(f"{settings.SMS_KEY_SECRET}&".encode(), wanted.encode(), hashlib.sha1).digest()
    return everything | {"Signature": base64.b64encode(digest).decode()}


def _quoted(text: str) -> str:
    """RFC 3986, as the signature wants it."""
    return quote(text, safe="-_.~")
