"""REST: the office's reviews of one use of the green channel."""

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from accounts.rest import ActorViewSet
from events.workflow import check_version
from referrals import actions, codes, examples, presenting
from referrals.actions.reviewing import why_not_reviewed
from referrals.models import GreenReview
from referrals.resolving import find_referral
from referrals.serializers import GreenReviewSerializer
from toolkit.rest.choices import CodeField
from toolkit.rest.etags import require_version
from toolkit.rest.strict import StrictSerializer

NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="R…")
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
MOST_VERSIONS = 32_767


class ReviewWriteSerializer(StrictSerializer):
    """What the office found; a correction names in `corrects` the version it replaces, and the `reason`."""

    verdict = CodeField(codes.choices(codes.GREEN_VERDICTS))
    times_kept = serializers.BooleanField()
    remark = serializers.CharField(required=False, allow_blank=True)
    corrects = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_VERSIONS)
    reason = serializers.CharField(required=False, allow_blank=True)


class GreenReviewViewSet(ActorViewSet):
    scope_app = "referrals"
    serializer_class = GreenReviewSerializer
    queryset = GreenReview.objects.none()
    keyset_order = ("-version", "-id")

    @extend_schema(operation_id="referrals_reviews", parameters=[NUMBER], responses=GreenReviewSerializer(many=True))
    def list(self, request, number):
        """Every version of the review, the one that counts first; for both sides and the office."""
        referral = find_referral(self.actor, number)
        reviews = referral.green_reviews.select_related("institution")
        page = self.paginate_queryset(self.filter_queryset(reviews))
        rows = [presenting.review_row(review) for review in page]
        return self.get_paginated_response(GreenReviewSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="referrals_review",
        parameters=[NUMBER, IF_MATCH],
        request=ReviewWriteSerializer,
        responses={201: GreenReviewSerializer},
        examples=[examples.request("review", examples.REVIEW)],
    )
    def create(self, request, number):
        """Review a use of the green channel, or correct the review; `If-Match` is the version of the referral."""
        referral = find_referral(self.actor, number)
        version = require_version(request)
        check_version(referral, version)
        refusal = why_not_reviewed(referral, self.actor)
        if refusal:
            raise refusal
        serializer = ReviewWriteSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        review = actions.review_green(referral, actor=self.actor, version=version, **serializer.validated_data)
        location = reverse("api-referral-review", args=[referral.number])
        data = GreenReviewSerializer(presenting.review_row(review)).data
        return self.answer(data, status=201, version=referral.version, location=location)
