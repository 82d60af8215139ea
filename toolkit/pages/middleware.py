"""What a view refuses reaches the person as a sentence, whatever road the request came."""

from ..refusals import Failure
from ..rest.conversion import refusal_from
from ..rest.problems import answer


class RefusalMiddleware:
    """Answers a Refusal, Http404 or PermissionDenied that a page view did not catch."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        refusal = refusal_from(exception)
        if refusal is None or isinstance(refusal, Failure):
            return None
        return answer(refusal, request)
