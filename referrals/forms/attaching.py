"""The form of one file, and the reason it is taken back for. The acts judge."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals import codes
from referrals.actions.attaching import LONGEST_TITLE
from toolkit.pages.forms import ActForm

ACCEPTED = "image/jpeg,image/png,application/pdf,application/dicom,.jpg,.jpeg,.png,.pdf,.dcm"
REQUIRED = {"required": _("此项必填。")}


class AttachForm(ActForm):
    """`photo` is the same as `file`, straight from a phone's camera."""

    kind = forms.ChoiceField(
        label=_("附件类别"), choices=[("", "—"), *codes.choices(codes.ATTACHMENT_KINDS)], error_messages=REQUIRED
    )
    title = forms.CharField(
        label=_("名称"),
        required=False,
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("例如：3月10日血常规；不填则显示文件名。"),
    )
    file = forms.FileField(
        label=_("文件"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    photo = forms.FileField(
        label=_("拍照"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="id_attach_%s", use_required_attribute=False, **kwargs)

    @property
    def upload(self):
        """What was chosen; a browser that was given both sends what was photographed last."""
        return self.cleaned_data.get("photo") or self.cleaned_data.get("file")

    @property
    def words(self) -> dict:
        """kind, title and file_name, as the act takes them."""
        given = self.cleaned_data
        return {"kind": given["kind"], "title": given["title"], "file_name": self.upload.name or ""}


class WithdrawAttachmentForm(ActForm):
    reason = forms.CharField(
        label=_("撤回原因"),
        max_length=LONGEST_TITLE,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("例如：传错患者的报告。对方会看到。"),
    )
