"""The page of states is what the tables say now."""

from django.conf import settings

from events import documenting


def test_the_committed_page_is_not_stale():
    committed = (settings.BASE_DIR / "docs" / "states.md").read_text(encoding="utf-8")
    assert committed == documenting.page(), "run `manage.py states`"
