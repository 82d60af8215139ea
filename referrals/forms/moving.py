"""One move as a form, generated from `facts.facts_of`: the same facts as REST, with what can be chosen laid out.

The form only reads what was typed. Whether it is right, the act says; `take` puts its refusal beside the fields.
"""

import json
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from referrals import codes
from referrals.actions.performing import needs_spoken_word
from referrals.actions.steering import RANK
from referrals.facts import SPOKEN, facts_of
from referrals.forms.choices import bookable_days, destinations, other_departments
from referrals.forms.defaults import proposed
from referrals.forms.lines import REQUIRED, DiagnosisLines, MedicationLines
from referrals.workflow import LIFE
from toolkit.refusals import Refusal
from toolkit.words import listed

LINES = {"diagnoses": DiagnosisLines, "medications": MedicationLines}
LEFT_OUT = {
    "comment": {"remark", "occurred_at"}, "claim": {"remark", "occurred_at"},
    "arrive": {"occurred_at"}, "discharge": {"occurred_at"},
}  # fmt: skip
"""Facts a form does not ask for, because another one of the same move says it."""

LATE = ("occurred_at",)
"""Asked for behind "补录": only what is entered afterwards needs it."""

CHOSEN_BY = {"settle": "outcome"}
"""The fact whose codes may want a remark (`codes.COMMENTED`); elsewhere it is the reason."""


class MoveForm(forms.Form):
    """`verb` on `referral` by `actor`; `data` is the POST, without it the proposed values are shown.

    `opened`: whether clinical text of the referral may be shown beside what is asked.
    """

    required_css_class = "required"

    def __init__(self, verb: str, referral, actor, data=None, *, opened: bool = False):
        self.verb, self.referral, self.actor = verb, referral, actor
        self.spoken = needs_spoken_word(verb, referral, actor)
        data = _as_ticked(verb, data)
        super().__init__(
            data, initial=proposed(verb, referral, actor), auto_id="id_move_%s", use_required_attribute=False
        )
        self.lines, facts = {}, self._facts()
        self._order = [fact.name for fact in facts]
        for fact in facts:
            if fact.kind in LINES:
                self.lines[fact.name] = LINES[fact.kind](fact.name, fact.label, data=data, required=fact.required)
            else:
                self.fields[fact.name] = self._field(fact)
        if opened:
            self.offer()

    def _facts(self):
        remark_required = "remark" in LIFE.moves[self.verb].needs
        left_out = LEFT_OUT.get(self.verb, set()) | self._not_asked_now()
        status = self.referral.status
        every = facts_of(self.verb, spoken=self.spoken, remark_required=remark_required, status=status)
        return [fact for fact in every if fact.name not in left_out]

    def offer(self) -> None:
        """Lay the sender's impression beside the diagnoses that are asked for; only for whom the record is open."""
        for lines in self.lines.values():
            if isinstance(lines, DiagnosisLines):
                lines.offered = list(self.referral.diagnoses)

    def _not_asked_now(self) -> set[str]:
        """The day without a place is for follow-up and for members on the telephone, who publish no places."""
        if self.verb == "schedule" and self.referral.kind != "follow_up" and not self.referral.by_phone:
            return {"date"}
        return set()

    def _field(self, fact) -> forms.Field:
        shared = {
            "label": fact.label, "required": fact.required, "help_text": fact.help,
            "error_messages": {"required": REQUIRED},
        }  # fmt: skip
        if fact.choices:
            return self._choice(fact, shared)
        if fact.kind in ("institution", "department"):
            return forms.ChoiceField(choices=self._places_to_go(fact.kind), **shared)
        return _MAKERS[fact.kind](**shared)

    def _choice(self, fact, shared) -> forms.Field:
        choices = [(code, words) for code, words in fact.choices.items() if self._is_possible(fact.name, code)]
        commented = codes.COMMENTED.get(self.verb, set())
        names = listed(f"“{words}”" for code, words in choices if code in commented)
        if names:
            shared["help_text"] = _("选择%(names)s时，请在备注中说明。") % {"names": names}
        if not fact.required:
            choices = [("", _("不适用")), *choices]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)

    def _is_possible(self, name: str, code: str) -> bool:
        """Urgency only rises; on the green channel's own road the same urgency may stay."""
        return not (self.verb == "upgrade" and name == "urgency" and RANK[code] < RANK[self.referral.urgency])

    def _places_to_go(self, kind: str) -> list:
        if self.verb == "redirect":
            return [("", "—"), *((each.code, each.name) for each in other_departments(self.referral))]
        if kind == "institution":
            return [("", "—"), *((house.code, house.label) for house in self._destinations)]
        groups = [
            (house.label, [(each.code, each.name) for each in departments])
            for house, departments in self._destinations.items()
        ]
        return [("", "—"), *groups]

    @cached_property
    def _destinations(self) -> dict:
        return destinations(self.referral, self.actor, self.verb)

    @property
    def houses(self) -> list[tuple[str, str]]:
        """(label, code) of the institutions, so that the script shows only the departments of the chosen one."""
        return [(house.label, house.code) for house in self._destinations] if "receiver" in self.fields else []

    @cached_property
    def days(self):
        """The places to choose from, by day; empty where none is free."""
        return bookable_days(self.referral)

    @property
    def slot_chosen(self) -> str:
        return str(self["slot"].value() or "")

    @property
    def slot_needed(self) -> bool:
        return self.verb == "schedule" and "date" not in self.fields

    @property
    def slots_folded(self) -> bool:
        """Who is brought at once needs no place in two weeks; they are there for whoever wants one all the same."""
        at_once = self.verb == "accept" and (self.referral.status == "in_transit" or self.referral.is_emergency)
        return at_once and not self.slot_chosen and not self["slot"].errors

    @property
    def needed_with(self) -> str:
        """JSON {field: {field chosen from: [codes]}}: what must be filled where one of these codes is chosen."""
        needed, commented = {}, sorted(codes.COMMENTED.get(self.verb, ()))
        if commented and "remark" in self.fields:
            needed["remark"] = {CHOSEN_BY.get(self.verb, "reason"): commented}
        if "attempts" in self.fields:
            needed["attempts"] = {"outcome": ["unreachable"]}
        return json.dumps(needed) if needed else ""

    def parts(self) -> dict:
        """The bound fields in the groups the template lays out; `blocks` are fields in a row, or one table."""
        spoken = [fact.name for fact in SPOKEN]
        return {
            "spoken": [self[name] for name in self.fields if name in spoken],
            "blocks": self._blocks(apart={*spoken, "slot", "remark", *LATE}),
            "remark": self["remark"] if "remark" in self.fields else None,
            "late": [self[name] for name in LATE if name in self.fields],
        }

    def _blocks(self, apart) -> list[dict]:
        blocks: list[dict] = []
        for name in self._order:
            if name in self.lines:
                blocks.append({"lines": self.lines[name]})
            elif name not in apart:
                if not blocks or "fields" not in blocks[-1]:
                    blocks.append({"fields": []})
                blocks[-1]["fields"].append(self[name])
        return blocks

    def facts(self) -> dict:
        """What was typed, for `resolving.resolve`; raises when a value cannot be read."""
        if not self.is_valid():
            for lines in self.lines.values():
                lines.require()
            raise Unreadable(_("请改正下面标出的各项后再提交，已填内容没有丢失。"))
        read = {name: _to_the_second(value, self.initial.get(name)) for name, value in self.cleaned_data.items()}
        if self.verb == "accept" and not read.get("slot"):  # what was proposed for an appointment there is none of
            read = {name: value for name, value in read.items() if value != self.initial.get(name)}
        return read | {name: lines.values for name, lines in self.lines.items()}

    def take(self, refusal: Refusal) -> None:
        """Show a refusal: each error beside its field, what belongs to none above the form."""
        if isinstance(refusal, Unreadable):
            return
        for error in refusal.errors:
            head, *rest = error.pointer.strip("/").split("/")
            if head in self.lines:
                self.lines[head].take_error(rest, error.detail)
            else:
                self.add_error(head if head in self.fields else None, str(error.detail))
        if not refusal.errors:
            self.add_error(None, str(refusal.detail))

    @property
    def has_mistakes(self) -> bool:
        return self.is_bound and bool(self.errors or any(lines.has_errors for lines in self.lines.values()))


class Unreadable(Refusal):
    """Values the form itself could not read; its fields already say so."""

    code = "unreadable"


def _as_ticked(verb: str, data):
    """不用随访 is a box of its own on the village doctor's page: ticked, the day proposed beside it does not count."""
    if verb != "acknowledge" or not data or not data.get("no_follow_up"):
        return data
    data = data.copy()
    data["follow_up_on"] = ""
    return data


def _to_the_second(value, proposed):
    """A picker knows no seconds: the present minute means now, and the proposed one the moment proposed.

    Otherwise it would lie before what happened a moment ago.
    """
    if not isinstance(value, datetime):
        return value
    moments = (each for each in (timezone.now(), proposed) if isinstance(each, datetime))
    return next((each for each in moments if _minute(each) == _minute(value)), value)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _line(**shared):
    return forms.CharField(max_length=200, **shared)


def _text(**shared):
    return forms.CharField(max_length=8000, widget=forms.Textarea(attrs={"rows": 3}), **shared)


def _phone(**shared):
    return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"}), **shared)


def _number(**shared):
    return forms.IntegerField(min_value=0, max_value=99, **shared)


def _slot(**shared):
    return forms.IntegerField(min_value=1, max_value=2**62, **shared)


def _date(**shared):
    return forms.DateField(**_with(shared, invalid=_("不是有效日期，应写作 2026-03-31。")))


def _time(**shared):
    return forms.TimeField(**_with(shared, invalid=_("不是有效时间，应写作 09:30。")))


def _datetime(**shared):
    return forms.DateTimeField(**_with(shared, invalid=_("不是有效时间，应写作 2026-03-31 09:30。")))


def _with(shared, **messages):
    return shared | {"error_messages": shared["error_messages"] | messages}


_MAKERS = {
    "line": _line,
    "text": _text,
    "phone": _phone,
    "number": _number,
    "slot": _slot,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
}
