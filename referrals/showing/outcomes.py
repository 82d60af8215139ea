"""What became of one's own patients, as lines: masked, with the comparison and without the diagnoses themselves."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referrals.agreement import AGREEMENTS, agreement
from referrals.figures import FIGURES
from referrals.figures.words import DEEDS, deed_words, reason_words
from referrals.outcomes import Tally
from referrals.showing.rows import Row
from toolkit.words import labelled

FIGURE_OF = {verb: name for name in DEEDS for verb in FIGURES[name].verbs}


@dataclass(frozen=True)
class Compared:
    """How impression and finding compare: `code` of `agreement.AGREEMENTS`, and its words."""

    code: str
    words: str


class OutcomeRow(Row):
    """A line of `outcomes.come_to_something`."""

    @property
    def summary(self):
        found = getattr(self.referral, "summary", None)
        return found if found and not found.withdrawn_at else None

    @property
    def compared(self) -> Compared | None:
        return compared(self.referral.diagnoses, self.summary.diagnoses) if self.summary else None

    @property
    def became(self) -> str:
        """The outcome of the stay, or why nothing came of it."""
        if self.summary:
            return self.summary.get_outcome_display()
        verb = self.referral.back_verb
        return reason_words(FIGURE_OF[verb], self.referral.back_reason) if verb else ""

    @property
    def followed(self) -> str:
        """Whether I have followed up."""
        if not self.summary:
            return ""
        day = self.referral.follow_up_agreed_on
        if self.referral.status == "concluded":
            return _("小结还没签收")
        if self.referral.status == "following_up" and day:
            return _("约定 %(day)s 随访") % {"day": date_format(day, "Y-m-d")}
        return _("已随访") if day else _("未约随访")


def compared(impression: list, found: list) -> Compared:
    code = agreement(impression, found)
    return Compared(code, str(AGREEMENTS[code]))


def tally_words(tally: Tally) -> dict:
    """The summary above the list: `numbers` as (label, count), and why letters came back as (what: reason, count)."""
    shares = tally.shares
    numbers = [(shares["sent"].figure.label, shares["sent"].part), (_("已到诊"), shares["arrived"].part)]
    numbers += [(labelled(_("初步印象"), AGREEMENTS[code]), count) for code, count in tally.agreements]
    numbers += [(deed_words(name), shares[name].part) for name in ("returned", "rejected")]
    back = [(labelled(deed_words(name), reason_words(name, code)), count) for name, code, count in tally.reasons]
    return {"numbers": numbers, "back": back}
