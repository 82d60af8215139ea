"""What the tests of attachments share: a file that was looked at, a file as a browser sends it."""

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from events.models import AccessEntry
from referrals.actions.attaching import attach
from tests import files
from toolkit.uploads.child import judge

STORE = "attachments"


def attached(referral, actor, data=None, *, kind="report", title="血常规", file_name="王秀英.pdf"):
    """One more file on the referral, a different one each time."""
    data = data or files.jpeg(40 + referral.attachments.count(), 30)
    return attach(referral, actor=actor, clean=judge(data), kind=kind, title=title, file_name=file_name)


def upload(data=None, name="scan.jpg", declared="image/jpeg"):
    return SimpleUploadedFile(name, files.jpeg() if data is None else data, content_type=declared)


def stored() -> set[str]:
    """The keys of everything in the store."""
    store = storages[STORE]
    try:
        folders = store.listdir("")[0]
    except FileNotFoundError:
        return set()
    return {f"{folder}/{name}" for folder in folders for name in store.listdir(folder)[1]}


def looks() -> list[tuple]:
    """Every opening of a record so far: purpose and route."""
    return list(AccessEntry.objects.order_by("pk").values_list("purpose", "route"))
