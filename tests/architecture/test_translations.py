"""Everything people read has its Chinese in the source and its English in the catalogue."""

import ast
import gettext
import io
import re

import polib
import pytest
from django.template.base import Lexer, TokenType

from consortium.messages import FUNCTIONS, IN_CONTEXT, Message, collect, name_of

from .project import BASE, LAYERS, named, sources, templates, tree

FOLDER = BASE / "locale" / "en" / "LC_MESSAGES"
# ideographs, and the marks that only stand between them; the wide blanks of a form are neither
CHINESE = re.compile("[\u3001-\u303f\u3400-\u9fff\uff01-\uff3e\uff40-\uff65]")
NAMED = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAGS = re.compile(r"</?\w+[^>]*>")
TRANSLATED_ARGUMENT = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")

WITHOUT_CHINESE = {"“%(role)s”"}

# files of data: names and texts that are Chinese whatever the reader's language
DATA = (
    "consortium/demo/",
    "institutions/examples.py",
    "records/examples.py",
    "advice/examples.py",
    "referrals/examples.py",
    "records/consent_texts.py",
    "toolkit/identifiers/masks.py",
    "toolkit/identifiers/surnames.py",
    "toolkit/pinyin/__init__.py",
)
# file → Chinese in the code that is not for reading, and why
ALLOWED = {
    "consortium/settings.py": {
        "简体中文",  # a language is named in itself
        "医联体协同平台 Medical Consortium Platform",  # the API document is not translated
        "医联体 <noreply@localhost>",  # a default of the environment
    },
    "events/documenting.py": {  # the English page about the states shows the Chinese words
        "| state | 中文 | in whose hand | when the clock strikes |",
        "| verb | 中文 | from | to | who | permission | needs | event |",
    },
    "institutions/checks.py": {r"[0-9+()\-（） 转,，、/]{3,30}"},  # how telephone numbers are typed
    "institutions/forms/hours.py": {  # how periods are typed
        r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})",
        r"[,，;；、\n]+",
    },
    "records/checks.py": {r"\+?[\d][\d\- ()]{3,22}(转\d{1,6}|[xX]\d{1,6})?", "无名氏"},
    "records/matching.py": {"之子", "之女", "之婴", "之一", "之二", "无名氏"},  # how the unnamed are registered
    "referrals/content.py": {r"[0-9+][0-9 ()-]{2,19}(转[0-9]{1,6})?"},
    "referrals/forms/writing.py": {r"[、，,；;\n]+"},  # how lists are typed
}


def catalogue() -> dict[Message, polib.POEntry]:
    entries = polib.pofile(str(FOLDER / "django.po"))
    return {Message(entry.msgid, entry.msgid_plural, entry.msgctxt or ""): entry for entry in entries}


def translations(entry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


ENTRIES = catalogue()


@pytest.fixture(scope="module")
def messages():
    return collect(BASE)


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_everything_said_has_its_english(messages):
    """Otherwise: `manage.py messages`, and write the English."""
    without = [
        f"{files[0]}: {message.text}"
        for message, files in messages.items()
        if message not in ENTRIES or not all(translations(ENTRIES[message]))
    ]
    assert without == []


def test_nothing_is_kept_that_nobody_says(messages):
    assert [message for message in ENTRIES if message not in messages] == []


def test_what_is_compiled_is_what_is_written():
    source = polib.pofile(str(FOLDER / "django.po"))
    written = gettext.GNUTranslations(io.BytesIO(source.to_binary()))
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled._catalog == written._catalog


def test_english_is_english():
    assert [text for entry in ENTRIES.values() for text in translations(entry) if CHINESE.search(text)] == []


def test_english_names_what_the_chinese_names():
    def slots(text):
        return sorted(NAMED.findall(text)) + sorted(TAGS.findall(text))

    wrong = [
        entry.msgid
        for entry in ENTRIES.values()
        for text in filter(None, translations(entry))
        if slots(text) != slots(entry.msgid)
    ]
    assert wrong == []


def test_one_and_many_are_both_said():
    assert [entry.msgid for entry in ENTRIES.values() if entry.msgid_plural and len(entry.msgstr_plural) != 2] == []


def test_the_source_language_is_chinese(messages):
    assert {message.text for message in messages if not CHINESE.search(message.text)} == WITHOUT_CHINESE


HALF_WIDTH = re.compile("[\u3400-\u9fff]\\s?[,;:?!(]|[,;:?!)]\\s?[\u3400-\u9fff]")


def test_chinese_is_punctuated_in_chinese(messages):
    """A slot stands for a word."""
    said = {message.text: NAMED.sub("字", message.text) for message in messages}
    assert [text for text, words in said.items() if HALF_WIDTH.search(words)] == []


# --- the source -------------------------------------------------------------------------------------------------------


def untranslated_in_python(path) -> set[str]:
    whole = tree(path)
    spoken = {id(part) for node in ast.walk(whole) for text in _words_of(node) for part in ast.walk(text)}
    return {
        node.value
        for node in ast.walk(whole)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken
        and CHINESE.search(node.value)
    }  # fmt: skip


def _words_of(node) -> list:
    """What is handed to a translation, and docstrings."""
    if isinstance(node, ast.Call) and name_of(node.func) in FUNCTIONS | IN_CONTEXT:
        return node.args
    body = getattr(node, "body", None)
    if isinstance(body, list):
        return [each.value for each in body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)]
    return []


def test_code_says_nothing_untranslated():
    found = {
        named(path): words
        for path in sources()
        if not named(path).startswith(DATA) and (words := untranslated_in_python(path))
    }
    assert found == ALLOWED


def untranslated_in_template(path) -> list[str]:
    found, translated, commented = [], False, False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        words = token.contents
        if token.token_type == TokenType.BLOCK:
            tag = words.split()[0]
            translated = tag == "blocktranslate" or translated and tag != "endblocktranslate"
            commented = tag == "comment" or commented and tag != "endcomment"
            if tag in ("translate", "blocktranslate"):
                continue
        elif token.token_type == TokenType.COMMENT or translated:
            continue
        if not commented and CHINESE.search(TRANSLATED_ARGUMENT.sub("", words)):
            found.append(f"{named(path)}:{token.lineno}: {words.strip()}")
    return found


def test_templates_say_nothing_untranslated():
    assert [line for path in templates() for line in untranslated_in_template(path)] == []


# file → the mark it uses as data
IN_SCRIPTS = {"consortium/static/js/writing.js": ["、"]}


def test_scripts_and_styles_leave_the_words_to_the_templates():
    """Scripts find their words in data attributes."""
    paths = (path for app in LAYERS for ending in ("js", "css") for path in (BASE / app).rglob(f"*.{ending}"))
    comment = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
    found = {named(path): CHINESE.findall(comment.sub("", path.read_text(encoding="utf-8"))) for path in sorted(paths)}
    assert {name: marks for name, marks in found.items() if marks} == IN_SCRIPTS
