"""Form widgets in the look of the pages."""

from django import template

register = template.Library()

_SELECTS = {"select", "selectmultiple", "nullbooleanselect"}
_BARE = {"checkbox", "radioselect", "checkboxselectmultiple", "hidden"}
# widget → the browser's own picker and the only format it understands
_PICKERS = {
    "date": ("date", "%Y-%m-%d"),
    "time": ("time", "%H:%M"),
    "datetime": ("datetime-local", "%Y-%m-%dT%H:%M"),
}


@register.simple_tag
def widget(field):
    """The bound field's widget with the classes of the design, native pickers for dates and times, and its mistakes
    tied to it by Django's own aria-describedby."""
    kind = field.widget_type
    if kind in _BARE:
        return field
    classes = field.field.widget.attrs.get("class", "").split() + [
        "form-select" if kind in _SELECTS else "form-control"
    ]
    if field.errors:
        classes.append("is-invalid")
    attrs = {"class": " ".join(dict.fromkeys(classes))}
    if kind in _PICKERS:
        field.field.widget.input_type, field.field.widget.format = _PICKERS[kind]
    return field.as_widget(attrs=attrs)
