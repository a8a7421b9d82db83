"""The code somebody comes back with: the only key to his answers, and later to his page. Only its hash is kept."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lindung.core.crypto import decrypt_text, encrypt_text
from lindung.core.errors import Conflict, NotFound
from lindung.selfpay.models import Visit
from lindung.selfpay.questions import question_named, without

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is mistaken for another
LENGTH = 12  # 31^12: no use in guessing
KEPT = timedelta(days=30)  # answers of somebody who did not register
MOST_AT_ONCE, AT_ONCE = 600, timedelta(minutes=10)


def new_visit() -> str:
    """A code, with nothing answered yet. Raises Conflict when far more people start at once than ever live here."""
    if Visit.objects.filter(started_at__gt=timezone.now() - AT_ONCE).count() >= MOST_AT_ONCE:
        raise Conflict("too_busy", _("Sedang banyak yang mendaftar. Coba lagi sepuluh menit lagi."))
    code = "".join(secrets.choice(LETTERS) for _position in range(LENGTH))
    Visit.objects.create(code_digest=digest_of(code))
    return code


def digest_of(code: str) -> str:
    """What is kept of a code; however it is typed, with spaces, hyphens or small letters."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def visit_of(code: str, *, lock: bool = False) -> Visit:
    """Raises NotFound."""
    found = Visit.objects.select_for_update() if lock else Visit.objects.select_related("self_payer")
    visit = found.filter(code_digest=digest_of(code)).first()
    if visit is None:
        raise NotFound(
            "code_not_found",
            _("Kode ini tidak dikenal."),
            field="code",
            way_out=_("Periksa kembali 12 huruf dan angkanya, atau mulai mendaftar lagi."),
        )
    return visit


def answers_of(visit: Visit) -> dict[str, str]:
    """What was said so far."""
    said: dict[str, str] = json.loads(decrypt_text(visit.answers)) if visit.answers else {}
    return said


@transaction.atomic
def answer(code: str, key: str, text: str) -> None:
    """Note one answer, if it is right. Raises InvalidInput, NotFound."""
    question, visit = question_named(key), visit_of(code, lock=True)
    if question is None or visit.self_payer_id is not None:
        raise NotFound("question_not_found", _("Pertanyaan ini sudah tidak berlaku."))
    answers = answers_of(visit)
    _keep(visit, {**without(answers, key), key: question.clean(text, answers)})


@transaction.atomic
def take_back(code: str, key: str) -> None:
    """Ask this question again."""
    visit = visit_of(code, lock=True)
    if visit.self_payer_id is None:
        _keep(visit, without(answers_of(visit), key))


def _keep(visit: Visit, answers: dict[str, str]) -> None:
    visit.answers = encrypt_text(json.dumps(answers))
    visit.save(update_fields=["answers"])


def forget_unfinished() -> int:
    """Delete the answers of those who did not register within 30 days; how many."""
    deleted, _by_model = Visit.objects.filter(self_payer=None, started_at__lt=timezone.now() - KEPT).delete()
    return deleted
