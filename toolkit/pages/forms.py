"""Forms that speak with an act: what it refuses stands beside the fields it is about."""

from django import forms

from ..refusals import Findings, Forbidden, Malformed, Missing, Refusal
from ..words import labelled

LONGEST_ASKED = 200


class ActForm(forms.Form):
    """A form of one act. `pointers` maps the act's JSON pointers to fields where the names differ.

    `checks` are those of the act that look at one field alone, as check(findings, pointer, value): asked here already,
    so that a field left out does not hide what is wrong with the others.

    After `attempt`, `result` is what the act answered and `status` the HTTP status for showing the form again.
    """

    pointers: dict[str, str] = {}
    checks: dict = {}
    status = 200
    result = None

    def clean(self):
        data = super().clean()
        findings = Findings()
        for name, check in self.checks.items():
            if name in data:
                check(findings, f"/{name}", data[name])
        for error in findings.errors:
            self.add_error(self._field_of(error.pointer), str(error.detail))
        return self.cleaned_data

    def attempt(self, act) -> bool:
        """Check the form, do `act(cleaned_data)`. False, with all mistakes on the form, where either says no.

        What may not be known or done at all is no mistake of the form and passes through.
        """
        if not self.is_valid():
            self.status = 422
            return False
        try:
            self.result = act(self.cleaned_data)
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            self.status = refusal.status
            self.add_refusal(refusal)
            return False
        return True

    def add_refusal(self, refusal) -> None:
        """Each error at its field; what no field is about stands above the form."""
        if not refusal.errors:
            self.add_error(None, str(refusal.detail))
        for error in refusal.errors:
            self.add_error(self._field_of(error.pointer), str(error.detail))

    def _field_of(self, pointer):
        own = pointer.strip("/").split("/")[0]
        return next((name for name in (self.pointers.get(pointer), own) if name in self.fields), None)


class AskedForm(forms.Form):
    """What a list is asked for in its address. Every field is optional."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    @classmethod
    def of(cls, request, **kwargs):
        """The form with `cleaned_data`; an unusable value is Malformed and named."""
        form = cls(request.GET, **kwargs)
        if not form.is_valid():
            findings = Findings()
            for name, errors in form.errors.items():
                for error in errors:
                    findings.add(f"/{name}", "invalid", labelled(form.fields[name].label, error))
            findings.raise_if_any(Malformed)
        return form


def asked(request, name: str, default: str = "") -> str:
    """A query parameter as text a database can be asked for."""
    return _text(request.GET.get(name, default))


def posted(request, name: str) -> str:
    """The same of a field that was posted: a code, an id, a number."""
    return _text(request.POST.get(name, ""))


def _text(given: str) -> str:
    return given.replace("\0", "").strip()[:LONGEST_ASKED]
