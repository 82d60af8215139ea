"""The ground of every REST view: who asks, may the token do that, one effect for each Idempotency-Key.

Checks come in the order 401, 403 (scope), 404, 428/412, 403, 422: authentication and scope here, before the view looks
anything up; the rest in the view and its act.
"""

import hashlib
import json

from django.contrib.auth.models import AnonymousUser
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import get_access_token_model
from rest_framework import authentication, exceptions, permissions, renderers, viewsets
from rest_framework.response import Response

from toolkit.refusals import FieldError, Forbidden, Malformed, Refusal, Refused
from toolkit.rest.etags import etag
from toolkit.rest.filters import ALWAYS_KNOWN, refuse_unknown

from .actors import actor_for_client, address_of
from .idempotency import KEPT_HEADERS, Answer, check_key, once
from .middleware import identify
from .models import Membership
from .scopes import scope_needed
from .throttling import ClientThrottle, seconds_to_wait


class ClientAuthentication(authentication.BaseAuthentication):
    """A bearer token in the Authorization header, and nowhere else: addresses and bodies end up in logs.

    Sets `request.actor`. `request.auth` is the token. Two queries, three with On-Behalf-Of.
    """

    realm = 'Bearer realm="api"'

    def authenticate(self, request):
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = self._token(value.strip(), request)
        client = token.application
        if not client.is_live or not client.institution.active:
            raise exceptions.AuthenticationFailed(_("该客户端已停用，请联系机构管理员"))
        try:
            person = self._person(request, client)
        except Refusal as unknown:
            request._request.actor, request._request.refused_person = None, unknown  # the scope is asked for first
            return AnonymousUser(), token
        actor = actor_for_client(client, person, request._request)
        if not actor.consortium_ids:
            raise Forbidden(_("该客户端所属机构目前不是任何医联体的成员"), code="not_a_member")
        request._request.actor = actor
        return AnonymousUser(), token

    def authenticate_header(self, request):
        given = request.headers.get("Authorization", "")
        return f'{self.realm}, error="invalid_token"' if given.lower().startswith("bearer ") else self.realm

    @staticmethod
    def _token(value: str, request):
        checksum = hashlib.sha256(value.encode()).hexdigest()
        tokens = get_access_token_model().objects.select_related("application__institution")
        token = tokens.filter(token_checksum=checksum, application__isnull=False).first()
        if token is None:
            seconds = seconds_to_wait("token", f"guess:{address_of(request)}")
            if seconds:
                raise exceptions.Throttled(wait=seconds)
            raise exceptions.AuthenticationFailed(_("访问令牌无效，请重新获取"))
        if token.is_expired():
            raise exceptions.AuthenticationFailed(_("访问令牌已过期，请重新获取"))
        return token

    @staticmethod
    def _person(request, client) -> Membership | None:
        """The doctor named by On-Behalf-Of: somebody who works at the client's own institution today."""
        number = request.headers.get("On-Behalf-Of")
        if number is None:
            return None
        if not number.strip():
            raise _refused_header(_("On-Behalf-Of 应为工号；不代表任何人时请不要发送这个头"))
        staff = Membership.objects.current().at(client.institution_id).select_related("user")
        found = staff.filter(staff_number=number).exclude(staff_number="").first() if "\0" not in number else None
        if found is None:
            raise _refused_header(_("On-Behalf-Of 应为本机构在职人员的工号，没有找到这个工号"))
        return found


def _refused_header(words) -> Refused:
    error = FieldError("", "unknown_staff", words, header="On-Behalf-Of")
    return Refused(words, code="unknown_staff", errors=[error])


class SessionAuthentication(authentication.SessionAuthentication):
    """The pages' own session, with its CSRF token, speaking for the job chosen there. Sets `request.actor`."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found is None:
            return None
        if "On-Behalf-Of" in request.headers:
            raise Malformed(_("On-Behalf-Of 只用于接口客户端；登录用户以自己的身份办理"))
        if found[0].must_change_password:
            raise Forbidden(_("请先在页面上修改初始密码"), code="must_change_password")
        identify(request._request)
        if request._request.actor is None:
            raise Forbidden(_("请先在页面上选择以哪家机构的身份办理"), code="no_membership")
        return found

    def enforce_csrf(self, request):
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as denied:
            raise Forbidden(_("缺少或错误的 CSRF 令牌，请刷新页面后重试"), code="csrf") from denied


class ScopePermission(permissions.BasePermission):
    """What the token was issued for, see `accounts.scopes`. People at the pages have no scopes, only their roles."""

    def has_permission(self, request, view):
        needed = scope_needed(view, request.method)
        if request.auth is not None and needed not in (None, *request.auth.scope.split()):
            raise Forbidden(
                _("访问令牌缺少权限范围 %(scope)s；请在获取令牌时申请，或请机构管理员授予该客户端") % {"scope": needed},
                code="insufficient_scope",
            )
        refused = getattr(request, "refused_person", None)
        if refused:
            raise refused
        return getattr(request, "actor", None) is not None


class ActorViewSet(viewsets.GenericViewSet):
    """Base of all resources. Set `scope_app`; `self.actor` acts; POST is idempotent where the caller sends a key."""

    authentication_classes = (ClientAuthentication, SessionAuthentication)
    permission_classes = (ScopePermission,)
    throttle_classes = (ClientThrottle,)
    metadata_class = None
    """What there is stands in the OpenAPI document; OPTIONS is answered 405."""
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    listing_actions = ("list",)
    """Those whose filter backend judges the query parameters; to all others every parameter is unknown."""
    scope_app = ""
    reading_actions = ()
    unkept_actions = ()
    """Posted actions whose answers are not kept although they came with a key: each asks for its right anew."""
    unversioned_actions = ("list",)
    """Those that answer without an ETag; for the OpenAPI document."""
    never_empty_actions = ()
    """Those that need a body although no single field is required; for the OpenAPI document."""
    streamed_actions = ()
    """Posted actions whose body is too large to be held; they read it themselves and answer with `answer_once`."""

    @property
    def actor(self):
        return self.request.actor

    @property
    def may_read(self) -> bool:
        """Whether this part may be read at all: a token for writing alone is told what became, not what is written."""
        scope = scope_needed(self, "GET")
        return self.request.auth is None or scope in (None, *self.request.auth.scope.split())

    def answer(self, data=None, *, status=200, version=None, location=None) -> Response:
        """A response with the ETag of `version` and the Location of what was made."""
        headers = {}
        if version is not None:
            headers["ETag"] = etag(version)
        if location is not None:
            headers["Location"] = self.request.build_absolute_uri(location)
        return Response(data, status=status, headers=headers)

    def initial(self, request, *args, **kwargs):
        # read now, while nothing has consumed the stream: the idempotency digest covers every byte
        if request.method == "POST" and self.action not in self.streamed_actions:
            request._request.body  # noqa: B018
        super().initial(request, *args, **kwargs)
        if self.action not in self.listing_actions:
            refuse_unknown(request.query_params, {*ALWAYS_KNOWN})

    def dispatch(self, request, *args, **kwargs):
        handler = getattr(self, "post", None)
        if handler is not None and "Idempotency-Key" in request.headers:
            self.post = self._once(handler)
        return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(response, no_store=True)
        return response

    def instead_of(self, answer: Answer) -> Response | None:
        """What is answered today in place of a kept answer; None where it may be given again as it is."""
        return None

    def _once(self, handler):
        def post(request, *args, **kwargs):
            if self.action in self.unkept_actions + self.streamed_actions:
                check_key(request.headers["Idempotency-Key"])
                return handler(request, *args, **kwargs)
            return self.answer_once(request._request.body, lambda: handler(request, *args, **kwargs))

        return post

    def answer_once(self, body: bytes, act) -> Response:
        """What `act` answers; under a key that came, once, and that answer again. `body` is what was sent."""
        request = self.request
        if "Idempotency-Key" not in request.headers:
            return act()
        answer = once(
            actor=request.actor,
            key=request.headers["Idempotency-Key"],
            route=f"POST {request.get_full_path()}",
            body=body,
            act=lambda: _answer_of(act()),
        )
        response = self.instead_of(answer) if answer.replayed else None
        response = response or Response(answer.data, status=answer.status, headers=answer.headers)
        if answer.replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return response


def _answer_of(response: Response) -> Answer:
    """A response as plain JSON, so that the stored answer and the first one are the same bytes."""
    data = None
    if response.data is not None:
        data = json.loads(renderers.JSONRenderer().render(response.data))
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, data, kept)
