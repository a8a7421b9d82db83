"""Names for synthetic people, by community and sex. Ordinary given names, put together by chance."""

from __future__ import annotations

from random import Random
from typing import Final, Literal

Sex = Literal["L", "P"]

# community → sex → (first parts, second parts)
_NAMES: Final[dict[str, dict[Sex, tuple[str, str]]]] = {
    "malay": {
        "L": (
            "Abdul,Ahmad,Amiruddin,Azhari,Burhanuddin,Effendi,Fadli,Hamdan,Hasanuddin,Herman,Ibrahim,Idris,Iskandar,"
            "Ismail,Jamaluddin,Junaidi,Kamaruddin,Mahmud,Mansur,Mohammad,Muhammad,Mulyadi,Mustafa,Nasrullah,Rahmat,"
            "Ramli,Rusdi,Saiful,Sulaiman,Syahrial,Syarif,Tarmizi,Usman,Yusuf,Zainal,Zulkifli",
            "Arifin,Asmadi,Azis,Bahtiar,Fauzi,Firdaus,Ghani,Hadi,Hakim,Halim,Hamid,Haris,Hidayat,Ilyas,Karim,Latif,"
            "Majid,Malik,Marzuki,Muin,Nasution,Rahim,Rahman,Ridwan,Rosyid,Sabirin,Salim,Sani,Syukur,Taufik,Umar,"
            "Wahab,Yani,Zaini",
        ),
        "P": (
            "Aisyah,Asmah,Azizah,Dahlia,Fatimah,Halimah,Hamidah,Hasanah,Jamilah,Khadijah,Latifah,Mariani,Marlina,"
            "Masitah,Nur,Nurhayati,Nurlela,Nursiah,Rabiah,Rahmah,Ramlah,Rohana,Rosmiati,Rusnah,Sabariah,Salmah,Siti,"
            "Suryani,Syarifah,Umi,Yuliana,Zahara,Zaitun,Zubaidah,Zulaikha",
            "Aini,Amalia,Aminah,Anisah,Asiah,Asniar,Astuti,Badriah,Fauziah,Hajar,Hasnah,Hidayati,Husna,Izzati,Jannah,"
            "Kamaliah,Karimah,Khotimah,Laila,Mardiah,Maryam,Mulyati,Munawarah,Nabila,Qomariah,Rahmawati,Rodiah,Rofiah,"
            "Sakinah,Saodah,Sofiah,Wahidah,Yanti,Zakiah",
        ),
    },
    "madurese": {
        "L": (
            "Abdur,Achmad,Asmat,Baidowi,Buhari,Busri,Durahman,Fathor,Hafid,Hasbullah,Hosen,Imam,Jailani,Juma,Kholil,"
            "Luthfi,Mahfud,Maskur,Mat,Misnadi,Moh,Munir,Musleh,Mustakim,Nawawi,Niman,Rofi,Sahrul,Samsul,Slamet,Subairi,"
            "Sudi,Sulhan,Syafii,Tohir,Zaini",
            "Arif,Ansori,Asyari,Basri,Bukhori,Fadil,Ghofur,Hannan,Hasyim,Hidayatullah,Huda,Jufri,Kadir,Khoiri,Ma'ruf,"
            "Mansyur,Mukhlis,Muni'in,Muzakki,Qodir,Rasyidi,Rohman,Rosidi,Sahri,Sholeh,Syamsuri,Tayyib,Wafi,Wahyudi,"
            "Yasin,Zahri,Zuhri",
        ),
        "P": (
            "Atimah,Busiyah,Hamsiyah,Holifah,Hosniyah,Juhairiyah,Kholifatul,Maisaroh,Marhamah,Maryati,Misnawati,"
            "Musarrofah,Mutmainnah,Muzayyanah,Nafisah,Naimah,Nurul,Qurratul,Rofiatul,Rukmini,Saleha,Samsiyah,Sanima,"
            "Satimah,Sitti,Sulastri,Sumiyati,Suraidah,Toyyibah,Uswatun,Zainab,Zuhriyah",
            "Adawiyah,Aini,Arifah,Asyiyah,Badriyah,Faizah,Fitriyah,Hasanah,Hikmah,Imamah,Jamaliyah,Jumaati,Kamilah,"
            "Kulsum,Laili,Luthfiyah,Maghfiroh,Makkiyah,Maulidah,Muarrofah,Nuriyah,Rohmah,Romlah,Sa'diyah,Solehah,"
            "Sumarni,Ummah,Wardah,Zahro,Zakiyah",
        ),
    },
    "javanese": {
        "L": (
            "Agus,Bambang,Budi,Darmanto,Eko,Haryono,Joko,Kasno,Katiman,Mujiono,Mulyono,Ngadimin,Paijo,Ponidi,Purwanto,"
            "Rudi,Sarno,Slamet,Suharto,Sukardi,Sukirno,Sumarno,Suparman,Supriadi,Suroso,Sutrisno,Suyanto,Teguh,Tri,"
            "Tukiman,Wagiman,Wahyu,Wasito,Widodo,Yatno",
            "Adi,Budiono,Cahyono,Haryanto,Hartono,Kurniawan,Kusuma,Laksono,Mulyadi,Nugroho,Pamungkas,Prabowo,Pranoto,"
            "Prasetyo,Priyanto,Purnomo,Raharjo,Riyadi,Santoso,Saputro,Setiawan,Subagyo,Sugiarto,Susanto,Susilo,Utomo,"
            "Wibowo,Widodo,Wijaya,Yulianto",
        ),
        "P": (
            "Ambarwati,Dewi,Dwi,Endang,Eni,Indah,Jumiati,Kartini,Lasmini,Mujiati,Ngatini,Ning,Painem,Partini,Poniyem,Puji,"
            "Ratna,Retno,Rini,Rukiyah,Sri,Sugiarti,Suharti,Sulastri,Sumiati,Suparmi,Supriyati,Suwarti,Tri,Tukinem,Tumini,"
            "Wahyuni,Warsini,Winarti,Yatmi",
            "Andayani,Astuti,Handayani,Hartati,Hastuti,Indriani,Kusumawati,Lestari,Maryani,Mulyani,Ningrum,Ningsih,"
            "Nuraini,Palupi,Pertiwi,Puspita,Rahayu,Rahmawati,Sari,Setyowati,Sulistyowati,Suryani,Susanti,Utami,Wahyuni,"
            "Wati,Widayati,Winarsih,Wulandari,Yuliani",
        ),
    },
    "bugis": {
        "L": (
            "Ambo,Andi,Baharuddin,Dahlan,Daeng,Hasan,Jafar,Kaharuddin,Lukman,Mappa,Muhtar,Nurdin,Patahuddin,Rustam,"
            "Saharuddin,Sirajuddin,Syamsuddin,Tahir,Udin,Wahid",
            "Akib,Arsyad,Asse,Bakri,Beddu,Gani,Hamzah,Intan,Jalil,Kadir,Lolo,Massa,Nompo,Palallo,Pabeta,Rauf,Saleng,"
            "Tangnga,Upe,Wero",
        ),
        "P": (
            "Andi,Besse,Darmawati,Hasnawati,Hj Indo,I Mulia,Kartika,Mardiana,Nurbaya,Nurjannah,Rahmatia,Rosdiana,Sitti,"
            "Suriani,Tenri,Wahida",
            "Ajeng,Amirah,Bau,Dalle,Hadrah,Hasni,Indo,Kembong,Mina,Nurung,Patimah,Rannu,Saenab,Sompa,Tija,Uleng",
        ),
    },
    "dayak": {
        "L": (
            "Adrianus,Agustinus,Aleksius,Andreas,Antonius,Bernardus,Dominikus,Fransiskus,Gregorius,Heronimus,Kornelius,"
            "Lukas,Markus,Martinus,Paulus,Petrus,Stefanus,Thomas,Vinsensius,Yohanes,Yosef",
            "Abon,Akim,Atot,Bujang,Dian,Gani,Geren,Itam,Jampi,Kanyan,Lanting,Luhat,Manto,Ngadan,Nyarong,Rancak,Sabinus,"
            "Sudin,Tungkat,Uan,Unyil",
        ),
        "P": (
            "Agnes,Agustina,Anastasia,Bernadeta,Elisabet,Emiliana,Fransiska,Katarina,Kristina,Lusia,Margareta,Maria,"
            "Marselina,Monika,Paulina,Rosalia,Sisilia,Skolastika,Teresia,Veronika,Yuliana",
            "Anang,Bulan,Dara,Dayang,Idah,Ijam,Kumang,Lamah,Lunyai,Mariana,Nana,Ngelai,Nuan,Rijak,Ripah,Serayu,Suri,Tipah,"
            "Uray,Yanti",
        ),
    },
    "chinese": {
        "L": (
            "Bong,Bun,Chai,Chin,Hendra,Jap,Kho,Lay,Liau,Lim,Ng,Phang,Rudy,Steven,Tan,Tjhin,Tjong,Wong",
            "A Hiung,A Liong,A Siong,Bak Khim,Bun Kiong,Chandra,Djie Fa,Gunawan,Hartanto,Kusnadi,Muk Sen,Nyan Fui,"
            "Salim,Se Khiong,Tjun Hian,Wijaya,Yung Fa",
        ),
        "P": (
            "Bong,Chai,Chong,Elly,Fenny,Jap,Kho,Lie,Lim,Liu,Meliana,Ng,Susi,Tan,Tjhai,Tjung,Wong",
            "A Moi,Bui Jun,Ciu Lan,Fui Cin,Hiong Moi,Kim Lian,Lie Fong,Mei Ling,Mui Hiong,Nyuk Lan,Siu Fong,Siu Ling,"
            "Sui Mei,Tjhin Ha,Yuk Lan,Yun Mei",
        ),
    },
}
_PARTS: Final = {
    community: {sex: (firsts.split(","), seconds.split(",")) for sex, (firsts, seconds) in sexes.items()}
    for community, sexes in _NAMES.items()
}
MUSLIM_COMMUNITIES: Final = {"malay": 40, "madurese": 25, "javanese": 22, "bugis": 13}
ALL_COMMUNITIES: Final = {"malay": 34, "madurese": 18, "javanese": 18, "bugis": 8, "dayak": 13, "chinese": 9}


def community(rng: Random, weights: dict[str, int]) -> str:
    """One community by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def full_name(rng: Random, of: str, sex: Sex) -> str:
    """A name of that community; one in eight Javanese and Madurese have a single name."""
    firsts, seconds = _PARTS[of][sex]
    first = rng.choice(firsts)
    if of in ("javanese", "madurese") and rng.random() < 0.125:
        return first
    return f"{first} {rng.choice(seconds)}"


# How one person's name comes back on another list. The first that fits is used.
_RESPELLINGS: Final = (
    ("Muhammad ", "M. "), ("Mohammad ", "Muhamad "), ("Moh ", "Mohammad "), ("Achmad", "Ahmad"), ("Ahmad", "Akhmad"),
    ("Abdul ", "Abd. "), ("Abdur ", "Abd. "), ("Syarifah", "Sy."), ("Siti ", "St. "), ("Sitti ", "Siti "),
    ("Nurul", "Noorul"), ("Nur", "Noor"), ("Yu", "Ju"), ("dd", "d"), ("iyah", "iah"), ("iati", "iyati"), ("ss", "s"),
    ("kh", "h"), ("y", "i"),
)  # fmt: skip


def respelled(name: str) -> str | None:
    """The same name as another clerk writes it, or None when no usual variant fits."""
    for usual, variant in _RESPELLINGS:
        if usual in name:
            return name.replace(usual, variant, 1)
    return None
