from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class ConsortiumConfig(AppConfig):
    name = "consortium"
    verbose_name = _("医联体")

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)


class AssetsConfig(StaticFilesConfig):
    """Leaves out what the npm packages ship and no page uses: it would cost seconds at every set-up."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",  # the browsable API is switched off
        "libs/*",  # paths are relative to each package's own folder
        "img/*",
        "ext/*",
        "*.rtl.*",
        "*.scss",
        "*.html",
        "*.d.ts",
        "*.gz",
        "*.esm.*",
        "*.cjs.*",
        "*.amd.*",
        "tabler-flags*",
        "tabler-payments*",
        "tabler-socials*",
        "tabler-marketing*",
        "tabler-icons-[23]00*",
        "tabler-icons-filled*",
        "redoc*",
        "htmax*",
        "htmx-[24]*",
        "hx-*",
        "echarts.js*",
        "echarts.common*",
        "echarts.simple*",
        "extension/*",
    ]
