"""Drawn signs (24 × 24, strokes), our own. They stand beside words and never instead of them."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_PATHS = {
    "add": "M12 5v14M5 12h14",
    "alert": "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1",
    "arrow-left": "M19 12H5M11 6l-6 6 6 6",
    "arrow-right": "M5 12h14M13 6l6 6-6 6",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8",
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
    "close": "m6 6 12 12M18 6 6 18",
    "copy": "M9 9h11v11H9zM15 9V4H4v11h5",
    "download": "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 20h15",
    "file": "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5M9 13h6.5M9 16.5h6.5",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "home": "m4 11 8-7 8 7v9h-5.5v-6h-5v6H4z",
    "info": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.7v.1",
    "map": "m3.5 6.5 5.5-2.5 6 2.5 5.5-2.5v14L15 20.5 9 18l-5.5 2.5zM9 4v14M15 6.5v14",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "money": "M3 6.5h18v11H3zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M6 12h.1M18 12h.1",
    "more": "M5.5 12h.1M12 12h.1M18.5 12h.1",
    "people": "M9 11a3.3 3.3 0 1 0 0-6.6A3.3 3.3 0 0 0 9 11zM3 19.5c.3-3.5 2.7-5.5 6-5.5s5.7 2 6 5.5"
    "M15.5 5a3 3 0 0 1 0 5.6M18 14.5c1.8.9 2.8 2.6 3 5",
    "print": "M7 8.5V3.5h10v5M5 17H3.5V8.5h17V17H19M7 14h10v6.5H7z",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20.5 20.5",
    "shield": "M12 3.5 4.5 6.5V12c0 4.5 3.2 7.3 7.5 8.5 4.3-1.2 7.5-4 7.5-8.5V6.5z",
    "upload": "M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 20h15",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.5-4 3.5-6 7.5-6s7 2 7.5 6",
    "theme": "M12 3.5a8.5 8.5 0 1 0 0 17zM12 3.5a8.5 8.5 0 0 1 0 17",
}


def icon_svg(name: str) -> SafeString:
    """The sign as inline SVG, hidden from screen readers. Raises KeyError for a name that does not exist."""
    return mark_safe(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f'<path d="{_PATHS[name]}"/></svg>'
    )
