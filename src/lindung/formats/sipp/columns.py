"""The columns of the SIPP workbooks, the header versions that circulate, and the codes in their cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lindung.formats.headers import Field, normalise

MAX_ROWS = 10_000  # SIPP refuses longer uploads; what Lindung itself reads may be longer


class Kind(StrEnum):
    """What a workbook reports: new workers, the wages of a month, or those who left."""

    NEW_WORKERS = "new_workers"
    WAGES = "wages"
    LEAVERS = "leavers"


# SIPP's own column name first; offices' spellings after it. Titles are compared in lower case, with letters and
# digits only, so NO_PEGAWAI, "No. Pegawai" and "no pegawai *" are one.
_NAMES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("employee_no", "NO_PEGAWAI", ("nomor pegawai", "id pegawai", "nomor induk pegawai", "nip", "nik karyawan")),
    ("name", "NAMA_LENGKAP", ("nama", "nama tenaga kerja", "nama tk", "nama pekerja", "nama karyawan", "nama peserta")),
    ("first_name", "NAMA_DEPAN", ()),
    ("middle_name", "NAMA_TENGAH", ()),
    ("last_name", "NAMA_BELAKANG", ()),
    ("degree", "GELAR", ()),
    ("home_area", "TELEPON_AREA_RUMAH", ()),
    ("home_phone", "TELEPON_RUMAH", ()),
    ("office_area", "TELEPON_AREA_KANTOR", ()),
    ("office_phone", "TELEPON_KANTOR", ()),
    ("office_extension", "TELEPON_EXT_KANTOR", ()),
    ("phone", "HP", ("no hp", "nomor hp", "handphone", "no handphone", "telepon seluler")),
    ("email", "EMAIL", ("e mail", "alamat email")),
    ("birth_place", "TEMPAT_LAHIR", ()),
    ("birth_date", "TANGGAL_LAHIR", ("tgl lahir",)),
    ("mother_name", "NAMA_IBU_KANDUNG", ("nama ibu", "ibu kandung")),
    ("id_type", "JENIS_IDENTITAS", ()),
    (
        "id_number",
        "NOMOR_IDENTITAS",
        ("no identitas", "nik", "no nik", "nomor nik", "no ktp", "nomor ktp", "nik ktp", "nomor induk kependudukan"),
    ),
    ("id_valid_to", "MASA_LAKU_IDENTITAS", ("masa berlaku identitas", "masa berlaku ktp")),
    ("sex", "JENIS_KELAMIN", ("jk", "l p", "kelamin")),
    ("mail_to", "SURAT_MENYURAT_KE", ("surat menyurat",)),
    ("member_since", "TANGGAL_KEPESERTAAN", ("tgl kepesertaan",)),
    ("marital", "STATUS_KAWIN", ("status perkawinan", "status pernikahan")),
    ("blood", "GOLONGAN_DARAH", ("gol darah",)),
    ("npwp", "NPWP", ("no npwp", "nomor npwp")),
    ("country", "KODE_NEGARA", ("negara",)),
    ("wage", "UPAH", ("gaji", "upah sebulan", "upah pokok", "upah dilaporkan")),
    ("back_pay", "RAPEL", ("rapelan",)),
    ("wage_kind", "JENIS_UPAH", ("satuan upah", "cara bayar upah")),
    ("days", "HARI_KERJA", ("jumlah hari kerja", "jumlah hari")),
    ("address", "ALAMAT", ("alamat lengkap", "alamat ktp")),
    ("postal_code", "KODE_POS", ("kodepos",)),
    ("location", "LOKASI_PEKERJAAN", ("kode lokasi pekerjaan", "lokasi kerja")),
    ("employment_status", "STATUS_PEGAWAI", ("status karyawan", "status hubungan kerja")),
    ("started_on", "TGL_AWAL_BEKERJA", ("tanggal awal bekerja", "tgl mulai bekerja", "tanggal mulai bekerja")),
    ("contract_end", "TGL_AKHIR_KONTRAK", ("tanggal akhir kontrak",)),
    ("nationality", "NATIONALITY", ("kewarganegaraan",)),
    ("kpj", "KPJ", ("no kpj", "nomor kpj", "nomor identitas kpj", "no kartu peserta", "nomor kartu peserta")),
    ("worker_code", "KODE_TK", ("kode tenaga kerja",)),
    ("month", "BLTH", ("bulan tahun", "bulan iuran", "periode")),
    ("npp", "NPP", ("nomor npp", "no npp")),
    ("reason", "SEBAB_NA", ("alasan nonaktif", "alasan non aktif", "sebab nonaktif", "sebab non aktif", "alasan")),
    (
        "left_on",
        "TGL_KEJADIAN",
        ("tanggal kejadian", "tgl nonaktif", "tanggal nonaktif", "tgl keluar", "tanggal keluar", "tanggal berhenti"),
    ),
    ("note", "KETERANGAN", ("ket", "catatan")),
)

FIELDS: tuple[Field, ...] = tuple(Field(name, title, (normalise(title), *others)) for name, title, others in _NAMES)
LABELS: Mapping[str, str] = {name: title for name, title, _ in _NAMES}


@dataclass(frozen=True, slots=True)
class Version:
    """One header as it circulates: its titles in order ("" is a column without a title)."""

    code: str
    kind: Kind
    sheet: str
    titles: tuple[str, ...]

    @property
    def key(self) -> frozenset[str]:
        """The titles as they are compared, in any order."""
        return frozenset(normalise(title) for title in self.titles) - {""}


_START = ("NO_PEGAWAI", "NAMA_LENGKAP", "GELAR", "TELEPON_AREA_RUMAH", "TELEPON_RUMAH")
_OFFICE = ("TELEPON_AREA_KANTOR", "TELEPON_KANTOR", "TELEPON_EXT_KANTOR", "HP", "EMAIL", "TEMPAT_LAHIR")
_PERSON = ("TANGGAL_LAHIR", "NAMA_IBU_KANDUNG", "JENIS_IDENTITAS", "NOMOR_IDENTITAS", "MASA_LAKU_IDENTITAS",
           "JENIS_KELAMIN", "SURAT_MENYURAT_KE", "TANGGAL_KEPESERTAAN", "STATUS_KAWIN", "GOLONGAN_DARAH")  # fmt: skip
_WORK = ("NPWP", "KODE_NEGARA", "UPAH", "ALAMAT", "KODE_POS", "LOKASI_PEKERJAAN")
_CONTRACT = ("STATUS_PEGAWAI", "TGL_AWAL_BEKERJA", "TGL_AKHIR_KONTRAK")
_FULL = (*_START, *_OFFICE, *_PERSON, *_WORK, *_CONTRACT)


def _in_three_names(titles: tuple[str, ...]) -> tuple[str, ...]:
    return ("NO_PEGAWAI", "NAMA_DEPAN", "NAMA_TENGAH", "NAMA_BELAKANG", *titles[2:])


def _with_back_pay() -> tuple[str, ...]:
    """An untitled column F, NO_IDENTITAS for NOMOR_IDENTITAS, and RAPEL and NATIONALITY at the end: A–AG."""
    titles = tuple("NO_IDENTITAS" if title == "NOMOR_IDENTITAS" else title for title in _FULL)
    return (*titles[:5], "", *titles[5:], "RAPEL", "NATIONALITY")


_CHILDREN = tuple(
    f"{title}_ANAK_{child}" for child in (1, 2, 3) for title in ("NAMA", "TGL_LAHIR", "JENIS_KELAMIN", "GOLONGAN_DARAH")
)
_WITH_FAMILY = (
    *_in_three_names((*_START, *_OFFICE, *_PERSON)), "NAMA_BANK", "CABANG_BANK", "NO_REKENING", "NAMA_REKENING",
    "NPWP", "KODE_PAKET", "KODE_NEGARA", "PESERTA_JPK", "UPAH", "ALAMAT", "KODE_POS", "SUAMI_ISTRI",
    "TGL_LAHIR_SUAMI_ISTRI", "JENIS_KELAMIN_SUAMI_ISTRI", "GOLONGAN_DARAH_SUAMI_ISTRI", *_CHILDREN,
)  # fmt: skip

VERSIONS: tuple[Version, ...] = (
    Version("lengkap-30", Kind.NEW_WORKERS, "data_tk_baru", _FULL),
    Version("tiga-nama-32", Kind.NEW_WORKERS, "data_tk_baru", _in_three_names(_FULL)),
    Version("rapel-33", Kind.NEW_WORKERS, "data_tk_baru", _with_back_pay()),
    Version("tiga-nama-29", Kind.NEW_WORKERS, "data_tk_baru", _in_three_names((*_START, *_OFFICE, *_PERSON, *_WORK))),
    Version("keluarga-50", Kind.NEW_WORKERS, "data_tk_baru", _WITH_FAMILY),
    Version(
        "lanjutan-9",
        Kind.NEW_WORKERS,
        "data_tk_lanjutan",
        ("NOMOR_IDENTITAS_KPJ", "NO_PEGAWAI", "NAMA_LENGKAP", "TGL_LAHIR", "UPAH", "LOKASI_PEKERJAAN", *_CONTRACT),
    ),
    Version(
        "upah-10",
        Kind.WAGES,
        "data_upah",
        ("NIK", "NO_PEGAWAI", "KPJ", "KODE_TK", "NAMA_LENGKAP", "TGL_LAHIR", "UPAH", "RAPEL", "BLTH", "NPP"),
    ),
    Version(
        "tk-na-6",
        Kind.LEAVERS,
        "data_tk_na",
        ("KPJ", "NAMA_LENGKAP", "TGL_LAHIR", "SEBAB_NA", "TGL_KEJADIAN", "KETERANGAN"),
    ),
    Version("tk-na-3", Kind.LEAVERS, "TK_NA", ("NIK", "NAMA", "ALASAN_NONAKTIF")),
)
OTHER_VERSION = "lain"


def version_of(code: str) -> Version:
    """The version of that code; KeyError if there is none."""
    return {version.code: version for version in VERSIONS}[code]


# What a cell may say, and the code SIPP takes for it.
CODES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "id_type": {"KTP": ("ktp", "nik", "e ktp", "ektp"), "PASSPORT": ("passport", "paspor", "pasport")},
    "marital": {
        "Y": ("y", "ya", "k", "kawin", "menikah", "nikah"),
        "T": ("t", "tk", "tidak", "belum", "belum kawin", "belum menikah", "lajang", "tidak kawin", "duda", "janda",
              "cerai", "cerai hidup", "cerai mati", "single"),
    },
    "blood": {"A": ("a", "a+", "a-"), "B": ("b", "b+", "b-"), "AB": ("ab", "ab+", "ab-"), "O": ("o", "o+", "o-", "0")},
    "employment_status": {
        "PKWT": ("pkwt", "kontrak", "tidak tetap"),
        "PKWTT": ("pkwtt", "tetap", "permanen", "karyawan tetap"),
    },
    "wage_kind": {
        "monthly": ("bulanan", "bulan", "monthly"),
        "daily": ("harian", "hari", "harian lepas", "daily"),
        "piece": ("borongan", "satuan", "satuan hasil", "piece"),
    },
    "mail_to": {"S": ("s", "alamat"), "E": ("e", "email", "e mail")},
}  # fmt: skip

# Why somebody left, as far as words tell. The keys are Lindung's; the file keeps its own words in `reason`.
REASONS: Mapping[str, tuple[str, ...]] = {
    "died": ("meninggal", "wafat"),
    "retired": ("pensiun",),
    "resigned": ("mengundurkan diri", "resign", "mundur", "berhenti"),
    "contract_ended": ("kontrak", "pkwt"),
    "dismissed": ("phk", "pemutusan hubungan kerja", "diberhentikan"),
    "disabled": ("cacat",),
    "moved": ("mutasi", "pindah"),
    "abroad": ("luar negeri",),
}
