"""Documents of invented people, shared by the tests."""

from datetime import UTC, date, datetime
from hashlib import sha256

from lindung.formats import documents as d

ISSUER = d.Issuer(
    office="Dinas Tenaga Kerja dan Transmigrasi Kabupaten Kubu Raya",
    place="Sungai Raya",
    made_at=datetime(2026, 2, 27, 9, 0, tzinfo=UTC),
    verify_url="https://lindung.example/periksa/7K3M-92QX",
)


def recipients(count: int) -> list[d.Recipient]:
    districts = ("Sungai Raya", "Sungai Kakap", "Batu Ampar", "Kubu", "Terentang")
    return [
        d.Recipient(
            name=f"Warga Contoh {n}",
            nik=f"611203{n:010d}",
            birth_date=date(1980, 1 + n % 12, 1 + n % 28),
            village=f"Desa Contoh {n % 23}",
            district=districts[n % 5],
            occupation=("Nelayan", "Petani", "Guru ngaji", "Kader posyandu")[n % 4],
            months=10,
            amount=168_000,
        )
        for n in range(count)
    ]


def decree(draft: bool = False) -> d.Decree:
    return d.Decree(
        number="400/DISNAKERTRANS/2026",
        subject="Penerima Bantuan Iuran Jaminan Sosial Ketenagakerjaan bagi Pekerja Rentan Tahun Anggaran 2026",
        regency="Kubu Raya",
        decided_on=None if draft else date(2026, 2, 27),
        period=(date(2026, 3, 1), date(2026, 12, 1)),
        legal_basis=(
            "Undang-Undang Nomor 40 Tahun 2004 tentang Sistem Jaminan Sosial Nasional;",
            "Peraturan Pemerintah Nomor 44 Tahun 2015 sebagaimana diubah dengan "
            "Peraturan Pemerintah Nomor 82 Tahun 2019;",
            "Instruksi Presiden Nomor 2 Tahun 2021.",
        ),
        fund_source="APBD 2026",
        account_codes="5.1.02.02.02.0006 dan .0007",
        programmes="JKK dan JKM",
        monthly_rate=16_800,
        signer_title="Bupati Kubu Raya",
        signer_name="(nama Bupati)",
        content_hash=sha256(b"daftar contoh").hexdigest(),
        issuer=ISSUER,
        draft=draft,
    )


def receipt(refused: bool = False) -> d.DecisionReceipt:
    steps = [
        d.ReceiptLine(
            label="Peserta aktif saat meninggal",
            article="PP 44/2015 Pasal 34",
            detail="Iuran Maret 2025 – Januari 2026 lunas.",
        ),
        d.ReceiptLine(
            label="Terdaftar sedikitnya 3 bulan", article="Permenaker 1/2025", detail="11 bulan berturut-turut."
        ),
    ]
    benefit = [
        d.ReceiptLine(label="Santunan kematian", article="PP 82/2019 Pasal 34 ayat (1) huruf a", amount=20_000_000),
        d.ReceiptLine(
            label="Santunan berkala 24 bulan, dibayar sekaligus",
            article="PP 82/2019 Pasal 34 ayat (1) huruf b",
            amount=12_000_000,
        ),
        d.ReceiptLine(label="Biaya pemakaman", article="PP 82/2019 Pasal 34 ayat (1) huruf c", amount=10_000_000),
    ]
    stop = [
        d.ReceiptLine(
            label="Tunggakan iuran lebih dari 3 bulan",
            article="PP 44/2015 Pasal 42 ayat (2)",
            detail="Iuran September – Desember 2025 belum dibayar (4 bulan).",
            stops=True,
        )
    ]
    return d.DecisionReceipt(
        number="JKM/2026/000123",
        benefit="Jaminan Kematian",
        person_name="Suwito (contoh)",
        nik="6112034107850001",
        kpj="25012345678",
        event="Meninggal 3 Januari 2026",
        claimant="Siti Aminah (istri)",
        decided_on=date(2026, 2, 27),
        lines=stop if refused else steps + benefit,
        total=0 if refused else 42_000_000,
        issuer=ISSUER,
        refusal=d.Refusal(
            reason="Pada hari meninggal, iuran sudah menunggak empat bulan berturut-turut. Batasnya tiga bulan.",
            way_out=(
                "Jika ada bukti bayar untuk salah satu bulan itu, bawa ke kantor; keputusan dihitung ulang.",
                "Jika iuran seharusnya dibayar pemerintah desa, minta surat keterangan dari kepala desa.",
            ),
            objection="Ajukan keberatan tertulis atau lisan ke kantor cabang. Tidak dipungut biaya.",
        )
        if refused
        else None,
    )


def payment() -> d.PaymentReceipt:
    return d.PaymentReceipt(
        number="BYR/2026/000077",
        benefit="Jaminan Kematian (JKM)",
        person_name="Suwito (contoh)",
        payee_name="Siti Aminah (contoh)",
        payee_nik="6112034107870002",
        relation="Istri",
        bank="Bank Kalbar",
        account="1234567890",
        paid_on=date(2026, 2, 27),
        lines=(
            ("Santunan kematian", 20_000_000),
            ("Santunan berkala 24 bulan", 12_000_000),
            ("Biaya pemakaman", 10_000_000),
        ),
        officer_name="Rina (contoh)",
        officer_role="Petugas layanan",
        issuer=ISSUER,
    )


def notice() -> d.HeirNotice:
    return d.HeirNotice(
        number="460/015/2026",
        family_name="Siti Aminah (contoh)",
        address="RT 02/RW 01, Desa Sungai Kakap, Kecamatan Sungai Kakap",
        deceased_name="Suwito (contoh)",
        death_date=date(2026, 1, 3),
        payer="Pemerintah Kabupaten Kubu Raya",
        rights=(
            d.Right(label="Santunan kematian", amount=20_000_000),
            d.Right(label="Santunan berkala 24 bulan, dibayar sekaligus", amount=12_000_000),
            d.Right(label="Biaya pemakaman", amount=10_000_000),
            d.Right(
                label="Beasiswa paling banyak 2 anak", amount=None, note="Jika iuran sudah dibayar sedikitnya 3 tahun."
            ),
        ),
        documents=(
            "Kartu peserta atau lembar peserta",
            "KTP almarhum dan ahli waris",
            "Kartu Keluarga",
            "Akta kematian",
            "Surat keterangan ahli waris (desa dan camat)",
            "Buku nikah",
            "Buku tabungan atas nama ahli waris",
        ),
        places=(
            d.ServicePlace(
                name="Kantor Desa Sungai Kakap", address="Jl. Raya Sungai Kakap", hours="Senin–Jumat 08.00–15.00."
            ),
            d.ServicePlace(
                name="BPJS Ketenagakerjaan",
                address="kantor cabang terdekat",
                hours="Senin–Jumat 08.00–15.30.",
                phone="175",
            ),
        ),
        signer_title="Kepala Dinas,",
        signer_name="(nama kepala dinas)",
        issuer=ISSUER,
    )


def participant() -> d.ParticipantSheet:
    states: list[d.RibbonState] = ["paid"] * 9 + ["billed", "grace", "gap"]
    return d.ParticipantSheet(
        name="Suwito (contoh)",
        nik="6112034107850001",
        kpj="2501 2345 678",
        payer="Pemerintah Kabupaten Kubu Raya",
        village="Sungai Kakap",
        protected_since=date(2025, 3, 1),
        full_from=date(2025, 6, 1),
        protected_until=date(2025, 11, 30),
        programmes="JKK dan JKM",
        benefits=(
            d.BenefitLine(programme="JKK", event="Kecelakaan saat bekerja", right="Pengobatan sampai sembuh"),
            d.BenefitLine(programme="JKK", event="Meninggal karena kecelakaan kerja", right="Rp70.000.000"),
            d.BenefitLine(programme="JKM", event="Meninggal bukan karena kecelakaan kerja", right="Rp42.000.000"),
        ),
        months=[(date(2025 + (2 + n) // 12, (2 + n) % 12 + 1, 1), state) for n, state in enumerate(states)],
        contacts=(("Disnakertrans Kubu Raya", "(nomor kantor)"), ("Kantor Desa", "(nomor desa)")),
        issuer=ISSUER,
    )
