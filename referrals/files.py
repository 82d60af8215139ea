"""The bytes of attachments: sealed before they are written, under a random name, outside of everything that is served.

`STORAGES["attachments"]` says where. A file is written before its row; what a rolled-back act or a killed process left
behind is swept at night.
"""

import hashlib
import logging
import secrets
from contextlib import contextmanager
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.models import StoredFile
from toolkit.crypto import Unreadable, current_key_id, decrypt_bytes, encrypt_bytes
from toolkit.refusals import Missing

STORE = "attachments"
PURPOSE = "file"
LEFT_ALONE = timedelta(days=1)
"""A file without a row may still be getting one."""

logger = logging.getLogger(__name__)


def keep(clean, facts: dict) -> StoredFile:
    """Write the bytes of a `toolkit.uploads.Clean`, then their row. Inside a transaction; see `discard`."""
    return StoredFile.objects.create(
        key=_write(clean.data),
        key_id=current_key_id(PURPOSE),
        form=clean.kind,
        size=len(clean.data),
        sha256=hashlib.sha256(clean.data).hexdigest(),
        facts=facts,
    )


@contextmanager
def keeping():
    """`keep` for the acts inside; where they do not come to their end, the bytes they wrote go again."""
    kept: list[StoredFile] = []

    def noted(clean, facts: dict) -> StoredFile:
        kept.append(keep(clean, facts))
        return kept[-1]

    try:
        yield noted
    except Exception:
        for stored in kept:
            discard(stored.key)
        raise


def read(stored: StoredFile) -> bytes:
    """The clean bytes; `Missing` where the store has lost them or no key opens them."""
    try:
        with storages[STORE].open(stored.key) as file:
            return decrypt_bytes(file.read(), stored.key, PURPOSE)
    except (OSError, Unreadable) as error:
        logger.error("attachment %s cannot be read: %s", stored.key, type(error).__name__)
        words = _("附件的登记还在，但文件暂时无法读取；请告诉平台管理员，或请上传的一方重新上传。")
        raise Missing(words, code="file_lost") from error


def discard(key: str) -> None:
    """Remove bytes that got no row. What cannot be removed now is swept later."""
    try:
        storages[STORE].delete(key)
    except OSError as error:
        logger.warning("attachment %s without a row is left to the sweep: %s", key, type(error).__name__)


def sweep() -> int:
    """Remove files older than a day that no row names; answers how many."""
    store, now, removed = storages[STORE], timezone.now(), 0
    for folder in _listed(store, "")[0]:
        known = set(StoredFile.objects.filter(key__startswith=f"{folder}/").values_list("key", flat=True))
        for name in _listed(store, folder)[1]:
            key = f"{folder}/{name}"
            if key not in known and now - store.get_modified_time(key) > LEFT_ALONE:
                discard(key)
                removed += 1
    return removed


def rewrite() -> int:
    """Bring every file under the first of FIELD_KEYS; answers how many. The old copies are swept."""
    changed = 0
    for stored in StoredFile.objects.exclude(key_id=current_key_id(PURPOSE)).iterator():
        try:
            key = _write(read(stored))
        except Missing:
            continue
        rows = StoredFile.objects.filter(pk=stored.pk, key=stored.key)
        changed += rows.update(key=key, key_id=current_key_id(PURPOSE))
    return changed


def _write(data: bytes) -> str:
    name = secrets.token_hex(20)
    key = f"{name[:2]}/{name}"
    written = storages[STORE].save(key, ContentFile(encrypt_bytes(data, key, PURPOSE)))
    if written != key:
        raise OSError(f"the store has put {key} somewhere else")
    return key


def _listed(store, folder) -> tuple[list, list]:
    """(folders, files); nothing where nothing was ever stored."""
    try:
        return store.listdir(folder)
    except FileNotFoundError:
        return [], []
