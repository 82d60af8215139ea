"""Which words are found in the source."""

from consortium.messages import Message, collect

PYTHON = '''
"""说明"""
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
from django.utils.translation import gettext_noop as noop

LATER = noop("稍后")
BUTTON = pgettext_lazy("verb", "退回")
UNSPOKEN = "不翻译"


def words(count, name):
    return _("已保存 %(name)s") % {"name": name} + ngettext("%(count)s 天", "%(count)s 天", count) + _(name)
'''
TEMPLATE = """
{% load i18n %}{# 注释 #}
<h1 title="{% translate '标题' %}">{% translate "转入" context "slip" %}</h1>
{% blocktranslate with name=user.name trimmed %}
  您好，{{ name }}
{% endblocktranslate %}
{% blocktranslate count number=rows|length %}{{ number }} 行{% plural %}{{ number }} 行{% endblocktranslate %}
{{ unit|default:_("全院") }}
"""


def test_words_are_found_in_code_and_templates(tmp_path):
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "words.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "app" / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    assert collect(tmp_path) == {
        Message("稍后"): ["app/words.py"],
        Message("退回", context="verb"): ["app/words.py"],
        Message("已保存 %(name)s"): ["app/words.py"],
        Message("%(count)s 天", plural="%(count)s 天"): ["app/words.py"],
        Message("标题"): ["app/templates/page.html"],
        Message("转入", context="slip"): ["app/templates/page.html"],
        Message("您好，%(name)s"): ["app/templates/page.html"],
        Message("%(number)s 行", plural="%(number)s 行"): ["app/templates/page.html"],
        Message("全院"): ["app/templates/page.html"],
    }


def test_a_word_said_twice_is_one_message(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text('_("保存")\n_("保存")\n', encoding="utf-8")
    assert collect(tmp_path) == {Message("保存"): ["one.py", "two.py"]}


def test_other_peoples_code_is_left_out(tmp_path):
    for folder in ("node_modules", "tests", "migrations"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "words.py").write_text('_("保存")\n', encoding="utf-8")
    assert collect(tmp_path) == {}
