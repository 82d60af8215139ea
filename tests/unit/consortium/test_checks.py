import pytest
from django.core.checks import run_checks

from consortium.checks import assets_were_fetched


def found(settings, tmp_path, *, debug):
    settings.DEBUG, settings.BASE_DIR = debug, tmp_path
    return [each.id for each in run_checks(app_configs=None) if each.id == "consortium.W002"]


def test_a_developer_without_the_assets_is_told_how_to_fetch_them(settings, tmp_path):
    assert found(settings, tmp_path, debug=True) == ["consortium.W002"]
    assert "npm ci" in assets_were_fetched()[0].hint
    (tmp_path / "node_modules").mkdir()
    assert found(settings, tmp_path, debug=True) == []


def test_where_they_are_collected_nobody_is(settings, tmp_path):
    assert found(settings, tmp_path, debug=False) == []


def test_behind_tls_the_proxy_is_named(settings):
    def warned(**given):
        for name, value in given.items():
            setattr(settings, name, value)
        return [each.id for each in run_checks(include_deployment_checks=True) if each.id == "consortium.W003"]

    assert warned(BEHIND_TLS=True, TRUSTED_PROXIES=0) == ["consortium.W003"]
    assert warned(BEHIND_TLS=True, TRUSTED_PROXIES=1) == []
    assert warned(BEHIND_TLS=False, TRUSTED_PROXIES=0) == []


@pytest.mark.parametrize(
    ("debug", "demo", "expected"),
    [
        (False, False, []),
        (True, False, ["consortium.E001"]),
        (False, True, ["consortium.E002"]),
        (True, True, ["consortium.E001", "consortium.E002"]),
    ],
)
def test_neither_development_nor_demo_is_deployed(settings, debug, demo, expected):
    settings.DEBUG, settings.DEMO = debug, demo
    errors = [each.id for each in run_checks(include_deployment_checks=True) if each.id.startswith("consortium.E")]
    assert errors == expected
