"""REST: the files of a referral. They are found through it, and opened through the door of its letter."""

import hashlib

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation

from accounts.rest import ActorViewSet
from referrals import attachments, codes, examples
from referrals.actions.attaching import LONGEST_TITLE, attach, withdraw_attachment
from referrals.models import Attachment
from referrals.presenting import open_for
from referrals.resolving import find_referral
from toolkit.refusals import UnsupportedMediaType
from toolkit.rest.choices import CodeField
from toolkit.rest.parsers import FilesParser
from toolkit.rest.strict import StrictSerializer
from toolkit.rest.times import MomentField
from toolkit.uploads import KINDS

NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="R…")
ORDINAL = OpenApiParameter("ordinal", OpenApiTypes.INT, OpenApiParameter.PATH, description="1, 2, 3 … of this referral")
CONTENT = {(200, kind.media_type): OpenApiTypes.BINARY for kind in KINDS.values()}


class AttachmentSerializer(serializers.Serializer):
    """One file. `sha256` and `size` are those of what is kept; `contradicts` names what a picture's header says
    otherwise than the registration (sex, birth_date). Of a withdrawn one neither title nor content is shown."""

    ordinal = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    file_name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    facts = serializers.DictField()
    contradicts = serializers.ListField(child=serializers.CharField())
    institution = serializers.CharField()
    added_by = serializers.CharField()
    added_at = MomentField()
    withdrawn_at = MomentField(allow_null=True)
    withdrawn_by = serializers.CharField(allow_null=True)
    withdrawn_reason = serializers.CharField(allow_null=True)
    href = serializers.CharField(allow_null=True)


class AttachSerializer(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True, help_text="PDF, JPEG, PNG or DICOM, by its content")
    kind = CodeField(codes.choices(codes.ATTACHMENT_KINDS), help_text="attachment_kinds")
    title = serializers.CharField(max_length=LONGEST_TITLE, allow_blank=True, required=False)


class WithdrawAttachmentSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=LONGEST_TITLE, allow_blank=True)


class AsItIs(BaseContentNegotiation):
    """A file has one representation; whoever asks for `image/*` or for anything gets that."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class AttachmentViewSet(ActorViewSet):
    scope_app = "referrals"
    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    keyset_order = ("ordinal",)
    streamed_actions = ("create",)
    unversioned_actions = ("list", "create", "content", "withdraw")

    @extend_schema(operation_id="attachments_list", parameters=[NUMBER])
    def list(self, request, number):
        """The files of a referral, those withdrawn included. Writes an access entry: titles speak of the patient."""
        referral = find_referral(self.actor, number)
        attachments.require_open(referral, self.actor)
        route = "GET referrals/{number}/attachments"
        open_for(referral, self.actor, purpose=attachments.PURPOSE, route=route)
        rows = referral.attachments.select_related("stored", "institution")
        page = self.paginate_queryset(self.filter_queryset(rows))
        rows = [_row(referral, each) for each in page]
        return self.get_paginated_response(AttachmentSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="attachments_add",
        parameters=[NUMBER],
        request={"multipart/form-data": AttachSerializer},
        responses={201: AttachmentSerializer},
    )
    def create(self, request, number):
        """Attach one file, as `multipart/form-data`. What it is, its content says; see the integration guide."""
        referral = find_referral(self.actor, number)
        given = self._sent()
        clean = attachments.receive(referral, self.actor, given["file"])

        def act():
            name = given["file"].name or ""
            added = attach(
                referral,
                actor=self.actor,
                clean=clean,
                kind=given["kind"],
                title=given.get("title", ""),
                file_name=name,
            )
            return self._answer(referral, added.ordinal, status=201)

        return self.answer_once(_digest(given), act)

    @extend_schema(operation_id="attachments_content", parameters=[NUMBER, ORDINAL], responses=CONTENT)
    def content(self, request, number, ordinal):
        """The file itself, inline or as a download. Writes an access entry."""
        referral = find_referral(self.actor, number)
        route = "GET referrals/{number}/attachments/{ordinal}"
        return attachments.content_of(referral, ordinal, self.actor, route=route)

    @extend_schema(
        operation_id="attachments_withdraw",
        parameters=[NUMBER, ORDINAL],
        request=WithdrawAttachmentSerializer,
        responses={200: AttachmentSerializer},
        examples=[examples.request("Wrong patient", examples.WITHDRAW_ATTACHMENT)],
    )
    def withdraw(self, request, number, ordinal):
        """Take a file back, with a reason; by the institution that attached it. The row stays, nobody opens it."""
        referral = find_referral(self.actor, number)
        attachment = attachments.find_attachment(referral, ordinal)
        given = WithdrawAttachmentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        withdraw_attachment(attachment, actor=self.actor, reason=given.validated_data["reason"])
        return self._answer(referral, ordinal)

    def instead_of(self, answer):
        """A kept answer names the file: it is given again only to who may still read the letter."""
        attachments.require_open(find_referral(self.actor, self.kwargs["number"]), self.actor)

    def _sent(self) -> dict:
        if not self.request.content_type.startswith("multipart/form-data"):
            raise UnsupportedMediaType(_("请以 multipart/form-data 提交，文件放在 file 一栏。"))
        given = AttachSerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def _answer(self, referral, ordinal, *, status=200):
        row = _row(referral, attachments.find_attachment(referral, ordinal))
        location = row["href"] if status == 201 else None
        return self.answer(AttachmentSerializer(row).data, status=status, location=location)


def _row(referral, attachment) -> dict:
    href = reverse("api-attachment-content", args=[referral.number, attachment.ordinal])
    return attachments.row_of(attachment, href=href)


def _digest(given) -> bytes:
    """Which request this is: what was typed, what the file was called, what is in it."""
    upload = given["file"]
    upload.seek(0)
    parts = (
        given["kind"],
        given.get("title", ""),
        upload.name or "",
        hashlib.file_digest(upload, "sha256").hexdigest(),
    )
    return "\0".join(parts).encode()


PARSED = {"parser_classes": (FilesParser,)}
"""For the route that takes files; all others read JSON."""
