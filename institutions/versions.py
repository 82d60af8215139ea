"""Optimistic locking: a change names the version it was made from, and is refused when that is no longer current."""

from django.utils.translation import gettext as _

from toolkit.refusals import Stale


def require_current(thing, version):
    """Raise `Stale` unless `version` is the one `thing` was loaded with; None means the caller holds no copy."""
    if version is not None and version != thing.version:
        _refuse()


def save_change(thing, changes):
    """Write `changes` (field → value) over the version `thing` carries; returns the names of what really changed.

    One conditional UPDATE: two changes made from the same version cannot both win.
    """
    changed = {name: value for name, value in changes.items() if getattr(thing, name) != value}
    if not changed:
        return []
    rows = type(thing).objects.filter(pk=thing.pk, version=thing.version)
    if not rows.update(version=thing.version + 1, **changed):
        _refuse()
    for name, value in changed.items():
        setattr(thing, name, value)
    thing.version += 1
    return sorted(changed)


def _refuse():
    raise Stale(_("内容已有修改，请刷新后在最新版本上重新修改。"))
