"""A refusal as a page, or as the fragment an htmx request puts into one."""

from django.http import HttpResponse
from django.template.loader import select_template
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html


def is_fragment(request):
    """Whether htmx asked for a part; a boosted link wants the whole page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def refusal_page(refusal, request):
    """HttpResponse with the status of the refusal, from refusal.html or partials/refusal.html."""
    name = "partials/refusal.html" if is_fragment(request) else "refusal.html"
    own = "toolkit/refusal_part.html" if is_fragment(request) else "toolkit/refusal.html"
    content = select_template([name, own]).render({"refusal": refusal, "status": refusal.status}, request)
    return _response(content, refusal)


def bare_page(refusal):
    """The last resort when even the template fails: no template, no context, no database."""
    markup = '<!doctype html><meta charset="utf-8"><title>{}</title><h1>{}</h1><p>{}</p>'
    return _response(format_html(markup, refusal.title, refusal.title, refusal.detail), refusal)


def _response(content, refusal):
    response = HttpResponse(content, status=refusal.status, headers={"Cache-Control": "no-store"})
    if hasattr(refusal, "retry_after"):
        response.headers["Retry-After"] = str(refusal.retry_after)
    patch_vary_headers(response, ["HX-Request"])
    return response
