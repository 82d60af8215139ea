"""Collect the words of the source into locale/en and compile them. Needs no gettext tools."""

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from consortium.messages import Message, collect

HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "en",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()  # words can be collected while a page is half written

    def handle(self, *args, **options):
        folder = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES"
        source = folder / "django.po"
        known = {}
        if source.exists():
            known = {_key(entry): entry for entry in polib.pofile(str(source), wrapwidth=110)}
        catalogue = polib.POFile(wrapwidth=110)
        catalogue.metadata = HEADER
        for message, files in sorted(collect(settings.BASE_DIR).items()):
            catalogue.append(_entry(known.get(message), message, files))
        folder.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(source))
        catalogue.save_as_mofile(str(folder / "django.mo"))
        open_ones = len(catalogue.untranslated_entries())
        self.stdout.write(f"{len(catalogue)} messages, {open_ones} without English")


def _key(entry):
    return Message(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def _entry(old, message, files):
    entry = polib.POEntry(
        msgid=message.text,
        msgid_plural=message.plural,
        msgctxt=message.context or None,
        occurrences=[(file, "") for file in sorted(files)],
    )
    if "%(" in message.text:
        entry.flags = ["python-format"]
    if message.plural:
        entry.msgstr_plural = old.msgstr_plural if old else {0: "", 1: ""}
    else:
        entry.msgstr = old.msgstr if old else ""
    return entry
