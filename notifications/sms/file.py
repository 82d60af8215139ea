"""Messages as files below VAR_DIR/sms, one line of JSON each: for the demo and for a trial without a contract.

A file is named by the message's id and linked into place whole, so that a repeat leaves no second one.
"""

import json
import os
import uuid

from django.conf import settings
from django.utils import timezone


def send(sms) -> None:
    folder = settings.VAR_DIR / "sms"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{uuid.uuid4()}"
    draft.touch(mode=0o600)
    try:
        draft.write_text(json.dumps(_line(sms), ensure_ascii=False) + "\n", encoding="utf-8")
        os.link(draft, folder / f"{sms.id}.json")
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def forget() -> None:
    """Remove what is there: a new demo does not go on from the old one's messages."""
    for each in (settings.VAR_DIR / "sms").glob("*.json"):
        each.unlink(missing_ok=True)


def _line(sms) -> dict:
    return {
        "id": sms.id,
        "at": timezone.localtime().isoformat(timespec="seconds"),
        "phone": sms.phone,
        "template": sms.text.template,
        "params": sms.text.params,
        "words": sms.signed,
    }
