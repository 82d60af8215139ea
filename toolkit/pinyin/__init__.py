"""Pinyin search keys of names: lower-case ASCII letters and digits, surnames in their own reading.

A name that reads several ways has one key; ü is written v as keyboards do (吕 → lv).
"""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

from ..identifiers import surnames

_IN_NAMES = str.maketrans({"卜": "补"})  # bo in vegetables, bu in names: 阿卜杜拉
_KEPT = re.compile(r"[a-z0-9]+")
_CHUNKS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+|[A-Za-z0-9]+")


def full(name):
    """张三 → "zhangsan", 单雄信 → "shanxiongxin", 阿卜杜拉·买买提 → "abudulamaimaiti"."""
    return "".join(_syllables(name))


def initials(name):
    """张三 → "zs"; words in Latin letters give their first letter, numbers stay whole."""
    return "".join(each if each.isdigit() else each[0] for each in _syllables(name))


def search_keys(name):
    """(full, initials)."""
    return full(name), initials(name)


def _syllables(name):
    text = _plain(name)
    found = []
    for at, chunk in enumerate(_CHUNKS.findall(text)):
        if chunk.isascii():
            found.append(chunk.lower())
        else:
            found.extend(_chinese(chunk, leading=at == 0))
    return found


def _plain(name):
    """Full-width to ASCII and without accents: Müller is searched as muller."""
    decomposed = unicodedata.normalize("NFKD", str(name or ""))
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _chinese(text, leading):
    surname, given = surnames.split(text) if leading else ("", text)
    if surname in surnames.READINGS:
        return surnames.READINGS[surname].split() + _read(given)
    return _read(text)


def _read(text):
    syllables = lazy_pinyin(text.translate(_IN_NAMES), style=Style.NORMAL, errors="ignore", v_to_u=False)
    return [each for each in (each.lower() for each in syllables) if _KEPT.fullmatch(each)]
