"""The door: what a workbook must be before any parser sees it.

Everything is counted in one bounded, streaming pass over the zip, on the bytes as they really
unpack and not as the zip claims, because the readers behind this door trust the claim.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, normpath

from lindung.formats.errors import FormatError
from lindung.formats.sheet_scan import NEAR_COLUMNS, NEAR_ROWS, SheetCount, SheetScanner, column_letters
from lindung.formats.words import number

MEBIBYTE = 1024 * 1024
MAX_FILE = 50 * MEBIBYTE
MAX_UNPACKED = 400 * MEBIBYTE
MAX_RATIO = 200
RATIO_APPLIES_FROM = 10 * MEBIBYTE
MAX_MEMBERS = 2_000
MAX_DEPTH = 8
MAX_SHEETS = 200
MAX_COLUMN = 512
MAX_CELLS = 12_000_000  # readers lay a sheet out as a full rectangle: a stray far cell costs gigabytes
MAX_SHARED_TEXT = 300 * MEBIBYTE
MAX_FORMULA_BYTES = 10 * MEBIBYTE
MAX_FORMULA_SHARE = 0.25
FORMULAS_ALWAYS_ALLOWED = 1_000
CHUNK = MEBIBYTE

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_SAVE_AS = "Buka berkas di Excel, pilih Simpan Sebagai, jenis “Excel Workbook (*.xlsx)”, lalu unggah lagi."
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SHARED_INDEX = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d+)<""")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """One worksheet as the guard saw it."""

    name: str
    path: str
    hidden: bool
    count: SheetCount

    @property
    def area(self) -> int:
        """Cells of the rectangle a reader lays out, when a far cell makes it large; else the cells there are."""
        full = self.count.max_row * self.count.max_column
        return full if full > NEAR_ROWS * NEAR_COLUMNS else self.count.cells


@dataclass(frozen=True, slots=True)
class WorkbookFacts:
    """A workbook that passed: its sheets in order, and its unpacked size in bytes."""

    sheets: tuple[SheetFacts, ...]
    unpacked: int

    def sheet(self, name: str) -> SheetFacts:
        """The sheet of that name; FormatError `lembar_tidak_ada` if there is none."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        found = ", ".join(f"“{sheet.name}”" for sheet in self.sheets)
        raise FormatError(
            "lembar_tidak_ada",
            f"Lembar “{name}” tidak ada dalam berkas ini.",
            f"Lembar yang ada: {found}.",
        )


def check_workbook(data: bytes) -> WorkbookFacts:
    """Refuse every file that is not a plain, sound .xlsx; return what is inside.

    Raises FormatError; its code says what was found (`kosong`, `terlalu_besar`, `bersandi`,
    `xls_lama`, `csv`, `makro`, `bom_zip`, `dtd`, `tautan_luar`, `tanpa_lembar`, `terlalu_luas`,
    `banyak_rumus` …).
    """
    _check_magic(data)
    archive = _open(data)
    members = _check_members(archive, len(data))
    _check_kind(archive, members)
    sheets = _worksheets(data, archive, members)
    paths = {path for _, path, _ in sheets}
    counts: dict[str, SheetCount] = {}
    unpacked = 0
    for info in archive.infolist():
        scanner = SheetScanner() if info.filename in paths else None
        unpacked += _scan_member(data, info, scanner, MAX_UNPACKED - unpacked)
        if scanner is not None:
            counts[info.filename] = scanner.result()
    facts = WorkbookFacts(tuple(SheetFacts(n, p, h, counts[p]) for n, p, h in sheets), unpacked)
    for sheet in facts.sheets:
        _check_extent(sheet)
        _check_formulas(sheet)
    if len(facts.sheets) > MAX_SHEETS or sum(sheet.area for sheet in facts.sheets) > 2 * MAX_CELLS:
        raise _bomb("lembarnya terlalu banyak atau terlalu luas")
    _check_shared_text(data, archive, facts)
    return facts


def read_member(data: bytes, info: zipfile.ZipInfo, limit: int = MAX_UNPACKED) -> bytes:
    """One member of a zip, unpacked, never more than `limit` bytes."""
    return b"".join(unpack(data, info, limit))


def unpack(data: bytes, info: zipfile.ZipInfo, limit: int = MAX_UNPACKED) -> Iterator[bytes]:
    """The member's real bytes in pieces of at most a mebibyte; stops a member that is larger than it says."""
    start = info.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise _broken("daftar isinya tidak cocok")
    start += 30 + int.from_bytes(data[start + 26 : start + 28], "little")
    start += int.from_bytes(data[info.header_offset + 28 : info.header_offset + 30], "little")
    packed = memoryview(data)[start : start + info.compress_size]
    total = 0
    for chunk in _inflate(packed) if info.compress_type == zipfile.ZIP_DEFLATED else (bytes(packed),):
        total += len(chunk)
        if total > limit or total > info.file_size:
            raise _bomb("isinya lebih besar daripada yang tertulis")
        yield chunk
    if total != info.file_size:
        raise _broken("isinya terpotong")


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of one XML start tag, entities resolved."""
    return {
        match[1].decode(): _unescape((match[2] if match[2] is not None else match[3]).decode("utf-8", "replace"))
        for match in _ATTRIBUTE.finditer(tag)
    }


def _unescape(text: str) -> str:
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def _check_magic(data: bytes) -> None:
    if not data:
        raise FormatError("kosong", "Berkas ini kosong (0 byte).", "Pastikan berkas tersimpan, lalu unggah lagi.")
    if len(data) > MAX_FILE:
        raise _too_much(f"Berkas ini {number(len(data) // MEBIBYTE)} MB", MAX_FILE)
    if data.startswith(b"PK\x03\x04"):
        return
    raise _not_a_zip(data)


def _too_much(what: str, limit: int) -> FormatError:
    return FormatError(
        "terlalu_besar",
        f"{what}; batasnya {limit // MEBIBYTE} MB.",
        "Hapus gambar atau lembar yang tidak perlu, atau bagi daftar menjadi beberapa berkas "
        "(misalnya satu berkas per kecamatan).",
    )


def _not_a_zip(data: bytes) -> FormatError:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data.startswith(OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return FormatError(
                "bersandi",
                "Berkas ini dikunci dengan kata sandi sehingga tidak dapat dibaca.",
                "Buka berkas di Excel, hapus sandinya (File > Info > Lindungi Buku Kerja), simpan, unggah lagi.",
            )
        return FormatError("xls_lama", "Berkas ini berformat Excel lama (.xls).", _SAVE_AS)
    if head.startswith(b"%pdf"):
        return FormatError("pdf", "Berkas ini PDF, bukan Excel.", "Unggah daftar aslinya dalam bentuk .xlsx.")
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        return FormatError("html", "Berkas ini halaman web yang diberi nama Excel.", _SAVE_AS)
    if b"\x00" not in head and re.search(rb"[,;\t|]", head):
        return FormatError("csv", "Berkas ini teks (CSV), bukan Excel.", _SAVE_AS)
    return FormatError("bukan_excel", "Berkas ini bukan berkas Excel (.xlsx).", _SAVE_AS)


def _open(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _broken("isinya tidak lengkap") from error


def _broken(why: str) -> FormatError:
    return FormatError("rusak", f"Berkas Excel ini rusak: {why}.", _SAVE_AS)


def _bomb(why: str) -> FormatError:
    return FormatError(
        "bom_zip",
        f"Berkas ini tidak wajar: {why}. Demi keamanan, berkas ditolak.",
        "Salin tabelnya ke buku kerja Excel yang baru, simpan sebagai .xlsx, lalu unggah lagi.",
    )


def _check_members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise _bomb(f"berisi {number(len(infos))} berkas di dalamnya")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED:
        if unpacked <= MAX_RATIO * size:  # nothing odd about it: only a list of a million rows
            raise _too_much(f"Isi berkas ini {number(unpacked // MEBIBYTE)} MB setelah dibuka", MAX_UNPACKED)
        raise _bomb(f"isinya mengembang melebihi {MAX_UNPACKED // MEBIBYTE} MB")
    members: dict[str, zipfile.ZipInfo] = {}
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        name = info.filename
        if name in members:
            raise _bomb("ada dua isi bernama sama")
        if info.header_offset < end or info.header_offset + info.compress_size > size:
            raise _bomb("isinya saling tumpang tindih")
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or name.count("/") > MAX_DEPTH:
            raise _bomb("ada alamat isi yang keluar dari berkas")
        if name.lower().endswith((".zip", ".gz", ".7z", ".rar")):
            raise _bomb("ada arsip di dalam arsip")
        if info.flag_bits & 0x1:
            raise FormatError("bersandi", "Berkas ini dikunci dengan kata sandi.", _SAVE_AS)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _broken("cara pemampatannya tidak dikenal")
        if info.file_size > RATIO_APPLIES_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise _bomb(f"satu isinya mengembang lebih dari {MAX_RATIO} kali")
        end = info.header_offset + 30 + len(name) + info.compress_size
        members[name] = info
    return members


def _check_kind(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
    lower = {name.lower() for name in members}
    if "[content_types].xml" not in lower:
        kind = "ods" if "content.xml" in lower else "bukan_excel"
        raise FormatError(kind, "Berkas ini bukan berkas Excel (.xlsx).", _SAVE_AS)
    if any(name.endswith((".bin",)) and "vbaproject" in name for name in lower) or any(
        name.startswith(("xl/macrosheets/", "xl/activex/", "xl/dialogsheets/")) for name in lower
    ):
        raise _macro()
    if "xl/workbook.bin" in lower:
        raise FormatError("xlsb", "Berkas ini berformat Excel biner (.xlsb).", _SAVE_AS)
    if any(name.startswith(("xl/externallinks/", "xl/querytables/")) or name == "xl/connections.xml" for name in lower):
        raise _external()


def _macro() -> FormatError:
    return FormatError(
        "makro",
        "Berkas ini berisi makro (program di dalam Excel). Demi keamanan, berkas bermakro tidak diterima.",
        _SAVE_AS,
    )


def _external() -> FormatError:
    return FormatError(
        "tautan_luar",
        "Berkas ini mengambil isi dari berkas atau sumber lain, sehingga nilainya tidak dapat dipastikan.",
        "Di Excel pilih Data > Edit Tautan > Putuskan Tautan, atau salin tabel lalu tempel sebagai nilai "
        "ke buku kerja baru.",
    )


def _worksheets(
    data: bytes, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> list[tuple[str, str, bool]]:
    """(name, path, hidden) of each worksheet in the workbook's own order."""
    types = _small(data, members, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise _macro()
    workbook_path = "xl/workbook.xml"
    for relation in _RELATION.findall(_small(data, members, "_rels/.rels")):
        found = attributes(relation)
        if found.get("Type", "").endswith("/officeDocument"):
            workbook_path = found.get("Target", workbook_path).lstrip("/")
    if workbook_path not in members:
        raise FormatError("bukan_excel", "Berkas ini bukan buku kerja Excel.", _SAVE_AS)
    folder = dirname(workbook_path)
    relations = _small(data, members, f"{folder}/_rels/{workbook_path.rpartition('/')[2]}.rels")
    targets: dict[str, str] = {}
    for relation in _RELATION.findall(relations):
        found = attributes(relation)
        if found.get("Type", "").endswith("/worksheet"):
            target = found.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(f"{folder}/{target}")
            targets[found.get("Id", "")] = path
    sheets = []
    for tag in _SHEET.findall(_small(data, members, workbook_path)):
        found = attributes(tag)
        path = targets.get(next((v for k, v in found.items() if k.endswith(":id")), ""), "")
        if path in members:
            sheets.append((found.get("name", ""), path, found.get("state", "visible") != "visible"))
    if not sheets:
        raise FormatError(
            "tanpa_lembar",
            "Berkas Excel ini tidak mempunyai lembar kerja.",
            "Unggah berkas yang berisi daftar.",
        )
    return sheets


def _small(data: bytes, members: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    if name not in members:
        raise _broken(f"bagian {name} tidak ada")
    return read_member(data, members[name], 5 * MEBIBYTE)


def _inflate(packed: memoryview) -> Iterator[bytes]:
    engine = zlib.decompressobj(-15)
    try:
        for offset in range(0, len(packed), CHUNK):
            pending: bytes | memoryview = packed[offset : offset + CHUNK]
            while pending:
                yield engine.decompress(pending, CHUNK)
                pending = engine.unconsumed_tail
        yield engine.flush()
    except zlib.error as error:
        raise _broken("isinya tidak dapat dibuka") from error


def _scan_member(data: bytes, info: zipfile.ZipInfo, scanner: SheetScanner | None, limit: int) -> int:
    """Unpack one member; look at it if it is XML. Returns its real size."""
    is_xml = info.filename.lower().endswith((".xml", ".rels", ".vml"))
    is_relations = info.filename.lower().endswith(".rels")
    total, tail, relations = 0, b"", b""
    for chunk in unpack(data, info, limit):
        if is_xml:
            if total == 0:
                _check_prologue(chunk, info.filename)
            if _DOCTYPE.search(tail + chunk):
                raise FormatError("dtd", "Berkas ini berisi perintah XML (DTD) yang tidak dipakai Excel.", _SAVE_AS)
            tail = chunk[-16:]
        if scanner is not None:
            scanner.feed(chunk)
        if is_relations:
            relations += chunk
        total += len(chunk)
    for relation in _RELATION.findall(relations):
        found = attributes(relation)
        if found.get("TargetMode") == "External" and not found.get("Type", "").endswith("/hyperlink"):
            raise _external()
    return total


def _check_prologue(chunk: bytes, name: str) -> None:
    """Only UTF-8: in another encoding the searches of this module would be blind."""
    head = chunk[:200]
    encoding = _ENCODING.search(head)
    if b"\x00" in head or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        raise _broken(f"bagian {name} tidak memakai UTF-8")


def _check_extent(sheet: SheetFacts) -> None:
    count = sheet.count
    if count.namespaces > 1 or count.odd:
        raise _broken(f"lembar “{sheet.name}” bersusunan tidak biasa")
    if count.max_column > MAX_COLUMN or count.max_column * count.max_row > MAX_CELLS:
        cell = f"{column_letters(count.max_column)}{count.max_row}"
        raise FormatError(
            "terlalu_luas",
            f"Lembar “{sheet.name}” terisi sampai sekitar sel {cell}, jauh di luar tabel.",
            "Tekan Ctrl+End di Excel untuk menemukan sel itu, hapus baris dan kolom di luar tabel, lalu simpan.",
        )


def _check_formulas(sheet: SheetFacts) -> None:
    count = sheet.count
    many = count.formulas > max(FORMULAS_ALWAYS_ALLOWED, MAX_FORMULA_SHARE * count.cells)
    if many or count.formula_bytes > MAX_FORMULA_BYTES:
        raise FormatError(
            "banyak_rumus",
            f"Lembar “{sheet.name}” berisi {number(count.formulas)} rumus. Hasil rumus dapat berubah sendiri, "
            "jadi tidak dapat menjadi dasar daftar penerima.",
            "Pilih seluruh tabel, salin, lalu tempel sebagai nilai (Tempel Khusus > Nilai), simpan, unggah lagi.",
        )


def _check_shared_text(data: bytes, archive: zipfile.ZipFile, facts: WorkbookFacts) -> None:
    """One long text used by a million cells unpacks a second time in the reader: bound that too."""
    info = next((i for i in archive.infolist() if i.filename.lower() == "xl/sharedstrings.xml"), None)
    if info is None:
        return
    cells = sum(sheet.count.cells for sheet in facts.sheets)
    lengths = [len(item) for item in read_member(data, info).split(b"</si>")]
    if max(lengths) * cells <= MAX_SHARED_TEXT:
        return
    total = 0
    for sheet in facts.sheets:
        content = read_member(data, archive.getinfo(sheet.path))
        for match in _SHARED_INDEX.finditer(content):
            index = int(match[1])
            total += lengths[index] if index < len(lengths) else 0
    if total > MAX_SHARED_TEXT:
        raise _bomb("satu tulisan panjang dipakai di terlalu banyak sel")
