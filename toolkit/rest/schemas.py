"""The problem document as the OpenAPI description shows it."""

from rest_framework import serializers


class FieldErrorSerializer(serializers.Serializer):
    pointer = serializers.CharField(
        required=False, help_text='JSON pointer (RFC 6901) into the body; "/" + name of a query parameter'
    )
    header = serializers.CharField(required=False, help_text="Instead of the pointer: the request header that is wrong")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457, media type application/problem+json."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = FieldErrorSerializer(many=True)
