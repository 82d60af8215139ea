"""The same world as for referrals: the cast once per module, a clock that stands at the module's `MOMENT`."""

from tests.integration.referrals.conftest import _built, cast, clock, empty_store, judged_at_home  # noqa: F401
