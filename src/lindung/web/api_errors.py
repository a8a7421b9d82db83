"""Refusals of the API in one form, whoever refuses: a room, the framework or the server."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

API = "/api/"

# status: code, message, way out
STANDING = {
    400: ("bad_request", _("Permintaan tidak dapat dibaca."),
          _("Periksa bentuk JSON dan alamatnya, lalu kirim lagi.")),
    401: ("token_missing", _("Token tidak ada, salah, dicabut, atau sudah lewat masanya."),
          _("Kirim kepala «Authorization: Bearer …»; token dibuat administrator dengan «lindung user token».")),
    403: ("not_allowed", _("Tindakan ini ditolak."), _("Minta petugas yang berwenang.")),
    404: ("not_found", _("Alamat ini tidak ada."), _("Lihat daftar alamat di /api/v1/openapi.json.")),
    405: ("method_not_allowed", _("Cara memanggil alamat ini tidak dikenal."),
          _("Lihat cara yang benar di /api/v1/openapi.json, contoh: GET atau POST.")),
    413: ("body_too_large", _("Isi permintaan terlalu besar."), _("Pecah menjadi beberapa permintaan.")),
    429: ("too_many_requests", _("Terlalu banyak permintaan dari alamat ini."),
          _("Tunggu satu menit, lalu coba lagi.")),
    500: ("server_error", _("Ada yang rusak di pihak kami. Tidak ada yang tersimpan."),
          _("Coba lagi sebentar lagi; bila tetap begini, sampaikan jam kejadiannya kepada administrator.")),
    503: ("unavailable", _("Layanan sedang tidak tersedia."), _("Coba lagi sebentar lagi.")),
}  # fmt: skip


def is_api(request: HttpRequest) -> bool:
    """Whether the caller is a program that wants JSON."""
    return request.path.startswith(API)


def standing_refusal(status: int) -> JsonResponse:
    """The answer for a refusal that no room has worded."""
    code, message, way_out = STANDING.get(status) or STANDING[500 if status >= 500 else 400]
    error = {"code": code, "message": gettext(message), "way_out": gettext(way_out)}
    answer = JsonResponse({"error": error}, status=status)
    if status in {429, 503}:
        answer["Retry-After"] = "60"
    return answer


def in_json(response: HttpResponse) -> HttpResponse:
    """The refusal itself when it is already JSON, else its standing form; headers that say more are kept."""
    if str(response.get("Content-Type", "")).startswith("application/json"):
        return response
    answer = standing_refusal(response.status_code)
    for name in ("Allow", "WWW-Authenticate"):
        if name in response:
            answer[name] = response[name]
    return answer


def document_refusals(document: dict[str, Any]) -> None:
    """Add to every operation what the API's door may answer, so that no answer is undocumented."""
    schema = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}}
    for path in document["paths"].values():
        for operation in path.values():
            statuses = [400, 413, 422, 429, 500, 503, *([401, 403] if operation.get("security") else [])]
            if operation.get("parameters"):
                statuses.append(404)
            for status in statuses:
                said = {"description": STANDING.get(status, ("", "Isian tidak dapat dipakai."))[1], "content": schema}
                operation["responses"].setdefault(status, said)
            operation["responses"] = dict(sorted(operation["responses"].items()))
