"""What was said, as the letter of a referral quotes it: everything, with time and name, word for word.

Its length is watched while people write (`check_room`), so that it always fits into the letter.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from advice.models import Entry, Inquiry
from records.codes import Sex
from referrals import codes as referral_codes
from referrals.content import TEXTS
from toolkit.refusals import Refused
from toolkit.words import listed

LONGEST = TEXTS["history"]
HEADROOM = 200
"""For the line above a word: time, name, house, outcome."""


def history_of(inquiry: Inquiry, entries: list[Entry]) -> str:
    """The letter's history; what was done stands in the letter's own field for it. `entries` oldest first."""
    parts = [_("转诊前咨询 %(number)s，%(house)s") % {"number": inquiry.number, "house": asked_words(inquiry)}]
    for entry in entries:
        said = question_of(inquiry) if entry.verb == "ask" else entry.text
        if said:
            parts.append(f"{_heading(entry)}\n{said}")
    return "\n\n".join(parts)


def question_of(inquiry: Inquiry) -> str:
    """The first word of the thread: the question with what goes with it."""
    lines = [inquiry.question]
    if inquiry.patient_id is None:
        lines.append(_("患者（咨询时未具名）：%(who)s") % {"who": person_words(inquiry)})
    for label, text in ((_("生命体征"), inquiry.vitals), (_("用药"), inquiry.medications)):
        if text:
            lines.append(_("%(label)s：%(words)s") % {"label": label, "words": text})
    return "\n".join(lines)


def asked_words(inquiry: Inquiry) -> str:
    return f"{inquiry.receiver.label} {inquiry.department.name}"


def person_words(inquiry: Inquiry) -> str:
    """Sex and age of somebody who is not named."""
    sex = str(Sex(inquiry.sex).label) if inquiry.sex in (Sex.MALE, Sex.FEMALE) else ""
    return " ".join(filter(None, [sex, _("%(age)s岁") % {"age": inquiry.age}]))


def outcome_words(entry: Entry) -> str:
    """What an answer comes to: 建议转诊（门诊、加急、心内科）."""
    if entry.outcome != "refer":
        return str(entry.get_outcome_display()) if entry.outcome else ""
    urgency = referral_codes.URGENCIES[entry.urgency]
    how = listed([referral_codes.KINDS[entry.kind], urgency, entry.department.name])
    return _("建议转诊（%(how)s）") % {"how": how}


def check_room(inquiry: Inquiry, text: str, *, keep: int = 0) -> None:
    """`Refused` where a further word, with `keep` characters to spare, would no longer fit into a letter. One query."""
    if inquiry.pk is None:
        return
    entries = list(inquiry.entries.select_related("institution", "department").order_by("id"))
    if len(history_of(inquiry, entries)) + len(text) + HEADROOM + keep > LONGEST:
        words = _("这次咨询已经很长，不能再写；请电话沟通，或转为转诊，内容会全部带入转诊单。")
        raise Refused.of("/text", "thread_full", words)


def _heading(entry: Entry) -> str:
    at = f"{timezone.localtime(entry.written_at):%Y-%m-%d %H:%M}"
    house = entry.institution.label if entry.institution_id else ""
    who = " ".join(filter(None, [house, entry.department_name, entry.actor_name]))
    return f"[{at}] {who} " + (outcome_words(entry) or _("咨询方"))
