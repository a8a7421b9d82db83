"""Public pages of those who pay for themselves, without account, cookie or script; and the officers' reminders.

The code in the address is the only key: pages are never cached, indexed, or told to other sites."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lindung.core.access import PUBLIC, actor_of, note_refusal, requires
from lindung.core.actors import acting_as
from lindung.core.clock import today
from lindung.core.errors import DomainError, InvalidInput
from lindung.core.ui.ribbon import ribbon_legend
from lindung.core.ui.words import long_date, long_month
from lindung.selfpay import actions, queries, visits
from lindung.selfpay.models import SelfPayer, Visit
from lindung.selfpay.pricing import offers
from lindung.selfpay.questions import QUESTIONS, month_choices, next_question

View = Callable[..., HttpResponse]


def _public(view: View) -> View:
    """Nobody is signed in, so there is no cookie a foreign site could ride on; the code is the key."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting_as(actions.WORKER):
            response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    public: View = csrf_exempt(never_cache(requires(PUBLIC)(answered)))
    return public


@require_safe
@_public
def start(request: HttpRequest) -> HttpResponse:
    """Register, or come back with a code."""
    return render(request, "selfpay/start.html", {})


@require_POST
@_public
def begin(request: HttpRequest) -> HttpResponse:
    """A new code, then the first question."""
    return redirect("selfpay:page", visits.new_visit())


@require_POST
@_public
def come_back(request: HttpRequest) -> HttpResponse:
    """Go to the page of a code that was typed."""
    code = request.POST.get("code", "")
    try:
        visits.visit_of(code)
    except DomainError as error:
        note_refusal(request, error)
        return render(request, "selfpay/start.html", {"error": error}, status=error.status)
    return redirect("selfpay:page", "".join(letter for letter in code.upper() if letter.isalnum()))


@require_safe
@_public
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The next question, what was said before registering, or the worker's own page."""
    return _shown(request, code)


@require_POST
@_public
def reply(request: HttpRequest, code: str) -> HttpResponse:
    """Take one answer, or take one back."""
    if "ubah" in request.POST:
        visits.take_back(code, request.POST["ubah"])
        return redirect("selfpay:page", code)
    key = request.POST.get("tanya", "")
    if key == "confirmed" and request.POST.get("jawab") == "tidak":
        visits.take_back(code, "nik")
        return redirect("selfpay:page", code)
    try:
        visits.answer(code, key, request.POST.get("jawab", ""))
    except DomainError as error:
        return _shown(request, code, error)
    return redirect("selfpay:page", code)


@require_POST
@_public
def register(request: HttpRequest, code: str) -> HttpResponse:
    """Register and bill the first months."""
    try:
        actions.register(code)
    except DomainError as error:
        note_refusal(request, error)
        return _shown(request, code, error)
    return redirect("selfpay:page", code)


@require_POST
@_public
def order(request: HttpRequest, code: str) -> HttpResponse:
    """Bill further months."""
    count = request.POST.get("months", "")
    try:
        actions.order_months(
            code, int(count) if count.isascii() and count.isdigit() else 0, fresh_start="baru" in request.POST
        )
    except DomainError as error:
        note_refusal(request, error)
        return _shown(request, code, error)
    return redirect("selfpay:page", code)


def _shown(request: HttpRequest, code: str, error: DomainError | None = None) -> HttpResponse:
    visit = visits.visit_of(code)
    if visit.self_payer is None:
        return _question(request, code, visit, error)
    return _own_page(request, code, visit.self_payer, error)


def _question(request: HttpRequest, code: str, visit: Visit, error: DomainError | None) -> HttpResponse:
    answers = visits.answers_of(visit)
    question = next_question(answers)
    given = [(asked, asked.title_for(answers), asked.said(answers)) for asked in QUESTIONS if asked.key in answers]
    context: dict[str, Any] = {
        "code": code,
        "error": error,
        "given": [row for row in given if row[0].key != "confirmed"],
        "number": len(given) + 1,
        "about": len(QUESTIONS),
    }
    status = error.status if error else 200
    if question is None:
        try:
            offered = actions.offer(answers)
        except InvalidInput as unknown:  # further than the law gives figures: ask again for how many months
            visits.take_back(code, unknown.field)
            return _question(request, code, visits.visit_of(code), error or unknown)
        context |= {"offered": offered, "total": sum(price.total for price in offered)}
        return render(request, "selfpay/summary.html", context, status=status)
    choices = question.choices(answers) if question.choices else []
    context |= {
        "question": question,
        "title": question.title_for(answers),
        "choices": choices,
        "typed": request.POST.get("jawab", ""),
    }
    return render(request, "selfpay/question.html", context, status=status)


def _own_page(request: HttpRequest, code: str, self_payer: SelfPayer, error: DomainError | None) -> HttpResponse:
    arrears, labels = queries.unbilled_arrears(self_payer), dict(month_choices({}))
    context = {
        "code": code,
        "error": error,
        "standing": queries.standing(self_payer),
        "legend": ribbon_legend(),
        "day": today(),
        "choices": [(offer.count, labels[str(offer.count)], offer.total) for offer in offers(self_payer)],
        "arrears": arrears,
    }
    return render(request, "selfpay/own.html", context, status=error.status if error else 200)


@require_safe
@requires("selfpay.remind")
def reminders(request: HttpRequest) -> HttpResponse:
    """Who is to be told today, with the words to send."""
    due = queries.due_reminders(today())
    rows = [(row, message(row), f"https://wa.me/62{row.phone[1:]}?text={quote(message(row))}") for row in due]
    return render(request, "selfpay/reminders.html", {"rows": rows, "day": today()})


@require_POST
@requires("selfpay.remind")
def reminded(request: HttpRequest) -> HttpResponse:
    """Note that they were told."""
    chosen = [int(text) for text in request.POST.getlist("self_payer") if text.isascii() and text.isdigit()]
    actions.note_reminders(actor_of(request), chosen)
    return redirect("selfpay:reminders")


def message(row: queries.Due) -> str:
    """What the worker is told: plain, with the day and the way to pay; no amount, no NIK."""
    words = {"name": row.name, "month": long_month(row.month), "day": long_date(row.until)}
    texts = {
        "due": _("Bapak/Ibu %(name)s, iuran BPJS Ketenagakerjaan bulan %(month)s jatuh tempo %(day)s."),
        "grace": _("Bapak/Ibu %(name)s, iuran bulan %(month)s belum dibayar. Perlindungan berlaku sampai %(day)s."),
        "ending": _("Bapak/Ibu %(name)s, perlindungan berakhir %(day)s bila iuran bulan %(month)s belum dibayar."),
        "ended": _(
            "Bapak/Ibu %(name)s, perlindungan sudah berakhir pada %(day)s. Lunasi iuran mulai bulan %(month)s agar masa"
            " perlindungan tersambung lagi."
        ),
    }
    how = _("Buka halaman Lindung dengan kode Bapak/Ibu untuk membayar.")
    return f"{texts[row.occasion] % words} {how}"
