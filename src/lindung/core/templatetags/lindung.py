"""Template filters and tags for every screen; the components' README shows each in one line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django import template
from django.contrib.messages import constants
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lindung.core.ui import words
from lindung.core.ui.icons import icon_svg
from lindung.core.ui.listing import MAX_PAGE
from lindung.core.ui.parts import ENDED, ProgressState, Receipt, Text, Tone
from lindung.core.ui.ribbon import RibbonEvent, RibbonMonth, ribbon_svg

register = template.Library()

THEMES = frozenset({"light", "dark"})
_MESSAGE_TONES: dict[int, Tone] = {
    constants.DEBUG: "neutral",
    constants.INFO: "info",
    constants.SUCCESS: "ok",
    constants.WARNING: "soon",
    constants.ERROR: "danger",
}


# Filters: a missing value is a dash, never "None".


@register.filter
def rupiah(amount: int | str | None) -> str:
    """16800 → Rp16.800."""
    return words.NOTHING if amount is None or amount == "" else words.rupiah(int(amount))


@register.filter
def rupiah_short(amount: int | str | None) -> str:
    """1342000000 → Rp1,3 miliar."""
    return words.NOTHING if amount is None or amount == "" else words.rupiah_short(int(amount))


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """5839 → 5.839."""
    return words.figure(value)


@register.filter
def percent(ratio: float | Decimal | None, digits: int = 1) -> str:
    """0.214 → 21,4%."""
    return words.NOTHING if ratio is None or ratio == "" else words.percent(ratio, digits)


@register.filter
def tanggal(day: date | None) -> str:
    """12 Maret 2025."""
    return words.long_date(day) if day else words.NOTHING


@register.filter
def tanggal_pendek(day: date | None) -> str:
    """12 Mar 2025."""
    return words.short_date(day) if day else words.NOTHING


@register.filter
def waktu(when: datetime | date | None) -> str:
    """12 Maret 2025 pukul 14.05; a plain date has no time."""
    if not when:
        return words.NOTHING
    return words.moment(when) if isinstance(when, datetime) else words.long_date(when)


@register.filter
def bulan(month: date | None) -> str:
    """Maret 2025."""
    return words.long_month(month) if month else words.NOTHING


@register.filter
def bulan_pendek(month: date | None) -> str:
    """Mar 2025."""
    return words.short_month(month) if month else words.NOTHING


@register.filter
def mask_nik(nik: str | None) -> str:
    """6112********0001."""
    return words.mask_nik(nik) if nik else words.NOTHING


@register.filter
def days_left(days: int | None) -> str:
    """3 → 3 hari lagi."""
    return "" if days is None else words.days_left(days)


@register.filter
def message_tone(level: int) -> Tone:
    """The tone of a message of Django's framework."""
    return _MESSAGE_TONES.get(level, "info")


# The page around.


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """`light` or `dark` when the reader chose one, else empty: the device decides."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if isinstance(request, HttpRequest) else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag(takes_context=True)
def is_current(context: Context, url: str) -> bool:
    """Whether a link of the navigation leads to this page or to the list it came from."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return False
    return request.path == url or (len(url) > 1 and request.path.startswith(url))


# Small parts.


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawn sign; always beside a word, so it is hidden from screen readers."""
    return icon_svg(name)


@register.inclusion_tag("components/badge.html")
def badge(label: Text, tone: Tone = "neutral") -> dict[str, Any]:
    """A state: word, shape and colour."""
    return {"label": label, "tone": tone}


@register.inclusion_tag("components/figure.html")
def figure(
    title: Text,
    value: Any,
    *,
    kind: str = "number",
    unit: Text = "",
    of: Text = "",
    as_of: date | None = None,
    source: Text = "",
    tone: str = "",
    url: str = "",
    note: Text = "",
) -> dict[str, Any]:
    """A figure with its unit, denominator, date and source."""
    return {
        "title": title,
        "value": words.figure(value, kind),
        "unit": unit,
        "of": of,
        "tone": tone,
        "url": url,
        "note": note,
        "line": words.as_of_line(as_of, str(source) if source else None),
    }


@register.inclusion_tag("components/empty.html")
def empty(title: Text, *, text: Text = "", url: str = "", action: Text = "") -> dict[str, Any]:
    """An empty place that says what to do first."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/nik.html")
def nik(value: str | None) -> dict[str, Any]:
    """A masked identity number."""
    return {"masked": words.mask_nik(value) if value else words.NOTHING, "last": value[-4:] if value else ""}


@register.inclusion_tag("components/deflist.html")
def deflist(items: Sequence[tuple[Text, Any]]) -> dict[str, Any]:
    """Terms and their values."""
    return {"items": items}


@register.inclusion_tag("components/timeline.html")
def timeline(items: Sequence[Any]) -> dict[str, Any]:
    """What happened, in the order given."""
    return {"items": items}


@register.inclusion_tag("components/steps.html")
def steps(items: Sequence[Any]) -> dict[str, Any]:
    """Where an errand stands."""
    return {"items": items}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Any], *, label: Text) -> dict[str, Any]:
    """Parts of a page, each with its own address."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/queue.html")
def queue(items: Sequence[Any]) -> dict[str, Any]:
    """A work queue, in the order given."""
    return {"items": items}


@register.inclusion_tag("components/progress.html")
def progress(job: ProgressState | dict[str, Any]) -> dict[str, Any]:
    """Long work: asks for itself again every two seconds until it has ended."""
    return {"job": job}


@register.filter
def has_ended(state: str) -> bool:
    """Whether long work is over."""
    return state in ENDED


@register.inclusion_tag("components/receipt.html")
def receipt(receipt: Receipt | dict[str, Any]) -> dict[str, Any]:
    """A decision as a till receipt."""
    return {"receipt": receipt}


@register.inclusion_tag("components/pagination.html")
def pagination(page: Any, query: Any) -> dict[str, Any]:
    """Previous and next, and where we are; the total only if it is known."""
    return {
        "page": page,
        "query": query,
        "most": MAX_PAGE,
        "first": query.offset + 1,
        "until": query.offset + len(page.rows),
        "last": page.last(query.size),
        "previous_address": query.querystring(page=query.page - 1) if query.page > 1 else "",
        "next_address": query.querystring(page=query.page + 1) if page.has_next else "",
    }


@register.simple_tag
def ribbon(
    months: Sequence[RibbonMonth],
    *,
    today: date,
    full_from: date | None = None,
    events: Sequence[RibbonEvent] = (),
    size: Literal["small", "large"] = "large",
) -> SafeString:
    """The ribbon of a person's cover."""
    return ribbon_svg(months, today=today, full_from=full_from, events=events or (), size=size)


# Forms.


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    *,
    width: str = "medium",
    prefix: str = "",
    suffix: str = "",
    hint: Text = "",
) -> dict[str, Any]:
    """A form field with label, hint and error, tied together for screen readers."""
    widget = bound.field.widget
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    check = isinstance(widget, CheckboxInput)
    hint = hint or bound.help_text
    described = [f"{bound.auto_id}_hint"] if hint and bound.auto_id else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs = {"aria-describedby": " ".join(described) or None}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if not (group or check):
        attrs["class"] = f"{widget.attrs.get('class', '')} input input-{width}".strip()
    written = bound.as_widget(attrs={key: value for key, value in attrs.items() if value})
    return {
        "field": bound,
        "widget": written,
        "group": group,
        "check": check,
        "hint": hint,
        "prefix": prefix,
        "suffix": suffix,
        "optional": not bound.field.required and not check,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What has to be mended in a form, with links to the fields."""
    return {"form": form, "faulty": [bound for bound in form if bound.errors]}


@register.inclusion_tag("components/dropzone.html")
def dropzone(bound: BoundField, *, hint: Text = "") -> dict[str, Any]:
    """A file field large enough to drop a file on."""
    context = field(bound, width="drop", hint=hint)
    return context


# Blocks.


@register.simple_block_tag
def page_header(
    content: str,
    *,
    title: Text,
    state: Text = "",
    tone: Tone = "info",
    lead: Text = "",
    back_url: str = "",
    back: Text = "",
) -> SafeString:
    """The head of a page: thing and state, and the actions inside the block."""
    return render_to_string(
        "components/page_header.html",
        {
            "title": title,
            "state": state,
            "tone": tone,
            "lead": lead,
            "back_url": back_url,
            "back": back,
            "actions": SafeString(content.strip()),
        },
    )


@register.simple_block_tag
def panel(content: str, *, title: Text = "", lead: Text = "", tone: str = "") -> SafeString:
    """A white box with a heading."""
    return render_to_string("components/panel.html", {"title": title, "lead": lead, "tone": tone, "body": content})


@register.simple_block_tag
def alert(content: str, tone: Tone = "info", *, title: Text = "") -> SafeString:
    """A message that stands out."""
    return render_to_string(
        "components/alert.html", {"tone": tone, "title": title, "body": SafeString(content.strip())}
    )


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    name: str,
    *,
    title: Text,
    action: str,
    button: Text,
    tone: Tone = "info",
    people: int | None = None,
    rupiah: int | None = None,
    reason: bool = False,
) -> SafeString:
    """A dialog that previews the effect of an act in people and rupiah, and asks a reason."""
    return render_to_string(
        "components/confirm.html",
        {
            "name": name,
            "title": title,
            "action": action,
            "button": button,
            "tone": tone,
            "people": people,
            "rupiah": rupiah,
            "reason": reason,
            "body": content,
            "csrf_token": context.get("csrf_token"),
        },
    )
