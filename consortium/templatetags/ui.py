"""Form widgets in the look of the pages."""

from django import template

register = template.Library()

_SELECTS = {"select", "selectmultiple", "nullbooleanselect"}
_BARE = {"checkbox", "radioselect", "checkboxselectmultiple", "hidden"}
_INPUT_TYPES = {"date": "date", "time": "time", "datetime": "datetime-local"}


@register.simple_tag
def widget(field):
    """The bound field's widget with the classes of the design, native pickers for dates and times, and its mistakes
    tied to it by Django's own aria-describedby."""
    kind = field.widget_type
    if kind in _BARE:
        return field
    classes = [field.field.widget.attrs.get("class", ""), "form-select" if kind in _SELECTS else "form-control"]
    if field.errors:
        classes.append("is-invalid")
    attrs = {"class": " ".join(filter(None, classes))}
    if kind in _INPUT_TYPES and "type" not in field.field.widget.attrs:
        attrs["type"] = _INPUT_TYPES[kind]
    return field.as_widget(attrs=attrs)
