"""The response codes of SNAP: HTTP status, service and case in seven digits ("4042514": service 25, paid bill)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class Service(IntEnum):
    """The services of the standard that we answer."""

    INQUIRY = 24
    PAYMENT = 25
    STATUS = 26
    TOKEN = 73


class Case(Enum):
    """An outcome: HTTP status, case code, message, and the reason in Indonesian."""

    SUCCESS = (200, "00", "Successful", "Sukses")
    BAD_REQUEST = (400, "00", "Bad Request", "Permintaan tidak dapat dibaca")
    FIELD_FORMAT = (400, "01", "Invalid Field Format", "Bentuk isian salah")
    FIELD_MISSING = (400, "02", "Invalid Mandatory Field", "Isian wajib tidak ada")
    UNAUTHORIZED = (401, "00", "Unauthorized.", "Tidak berwenang")
    INVALID_TOKEN = (401, "01", "Invalid Token (B2B)", "Token tidak berlaku")
    NOT_FOUND = (404, "01", "Transaction Not Found", "Transaksi tidak ditemukan")
    INVALID_BILL = (404, "12", "Invalid Bill/Virtual Account", "Tagihan tidak ditemukan")
    INVALID_AMOUNT = (404, "13", "Invalid Amount", "Jumlah tidak sesuai tagihan")
    PAID_BILL = (404, "14", "Paid Bill", "Tagihan sudah lunas")
    UNKNOWN_PARTNER = (404, "16", "Partner Not Found", "Kode layanan tidak dikenal")
    INCONSISTENT = (404, "18", "Inconsistent Request", "Isi berbeda dengan permintaan pertama")
    EXPIRED_BILL = (404, "19", "Invalid Bill/Virtual Account", "Tagihan sudah kedaluwarsa")
    NOT_SUPPORTED = (405, "00", "Requested Function Is Not Supported", "Layanan tidak tersedia")
    CONFLICT = (409, "00", "Conflict", "X-EXTERNAL-ID sudah dipakai hari ini")
    TOO_MANY = (429, "00", "Too Many Requests", "Terlalu banyak permintaan")
    GENERAL_ERROR = (500, "00", "General Error", "Gangguan di pihak kami, silakan ulangi")

    def __init__(self, status: int, number: str, message: str, reason: str) -> None:
        self.status, self.number, self.message, self.reason = status, number, message, reason

    def code(self, service: int) -> str:
        """The seven digits for this service."""
        return f"{self.status}{service:02d}{self.number}"


_BY_CODE = {(str(case.status), case.number): case for case in Case}


def case_of(code: str) -> Case:
    """The outcome that a response code says."""
    return _BY_CODE[code[:3], code[5:]]


@dataclass(eq=False)
class SnapError(Exception):
    """The request is refused. `detail` names the faulty field or the reason; it never repeats what was sent."""

    case: Case
    detail: str = ""

    @property
    def message(self) -> str:
        """As the standard words it: the field in braces, a reason in brackets."""
        if not self.detail:
            return self.case.message
        left, right = ("{", "}") if self.case in {Case.FIELD_FORMAT, Case.FIELD_MISSING} else ("[", "]")
        return f"{self.case.message} {left}{self.detail}{right}"
