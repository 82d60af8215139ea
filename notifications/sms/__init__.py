"""Short messages. The provider is chosen by the setting SMS_PROVIDER; "" means there are none.

A provider is a module with `send(sms) -> None`: it returns when the message was taken, raises
`sending.Declined` or `sending.NoAnswer` when not, and keeps or logs neither number nor words.
"""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from events.notices import Text

PROVIDERS = {"file": "notifications.sms.file.send", "aliyun": "notifications.sms.aliyun.send"}
MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")


@dataclass(frozen=True)
class Sms:
    """One message. `id` is the delivery's message id, the same at every try; `phone` is 11 digits.

    `again`: it was tried before, and may have been taken.
    """

    id: str
    phone: str = field(repr=False)
    text: Text = field(repr=False)
    again: bool = False

    @property
    def signed(self) -> str:
        """The full text as the receiver reads it."""
        names = {"signature": settings.SMS_SIGNATURE or _("医联体"), "words": self.text.words}
        return _("【%(signature)s】%(words)s") % names


def is_on() -> bool:
    """Whether this installation sends short messages at all."""
    return bool(settings.SMS_PROVIDER)


def mobile(phone: str) -> str:
    """The 11 digits of a mobile number of the mainland, "" when it is none."""
    found = MOBILE.fullmatch(re.sub(r"[\s()-]", "", phone or ""))
    return found[1] if found else ""


def send(sms: Sms) -> None:
    """Hand it to the provider. See the module for how it may fail."""
    import_string(PROVIDERS[settings.SMS_PROVIDER])(sms)
