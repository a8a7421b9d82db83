"""The pictures: right cells, a sentence for those who cannot see them, a table, and nothing unescaped."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from lindung.core.months import add_months
from lindung.core.ui.charts import Bar, GapRow, MapPoint, bars, columns_chart, dot_map, gap_bar, gap_bars, spark
from lindung.core.ui.gallery import sample_months
from lindung.core.ui.ribbon import RibbonEvent, RibbonMonth, ribbon_sentence, ribbon_svg
from lindung.core.ui.weave import WeaveRow, weave_table

TODAY = date(2026, 2, 27)
EVIL = "<script>alert('x')</script>\"&"
STATES = st.sampled_from(["paid", "billed", "grace", "none", "planned"])


def cells(svg: str, state: str) -> int:
    """How many cells of a state are drawn: each begins with one move."""
    found = re.search(rf'class="rb-{state}"[^>]* d="([^"]*)"', svg)
    return found.group(1).count("M") if found else 0


def test_the_ribbon_draws_one_cell_a_month_in_its_state() -> None:
    months = sample_months(date(2025, 1, 1), "PPPBG--oo")
    svg = ribbon_svg(months, today=TODAY)
    assert [cells(svg, state) for state in ("paid", "billed", "grace", "none", "planned")] == [3, 1, 1, 2, 2]


def test_the_small_ribbon_shows_the_last_twelve_months() -> None:
    svg = ribbon_svg(sample_months(date(2024, 1, 1), "------PPPPPPPPPPPP"), today=TODAY, size="small")
    assert (cells(svg, "paid"), cells(svg, "none")) == (12, 0)
    assert "<text" not in svg


def test_the_ribbon_is_one_sentence_for_screen_readers() -> None:
    months = sample_months(date(2025, 1, 1), "--PPP", "APBD Kubu Raya")
    assert ribbon_sentence(months, date(2025, 3, 1)) == (
        "Perlindungan Januari 2025 sampai Mei 2025: 3 bulan terbayar, 2 bulan tanpa perlindungan. "
        "Iuran oleh APBD Kubu Raya. Perlindungan penuh sejak 1 Maret 2025."
    )
    svg = ribbon_svg(months, today=TODAY, full_from=date(2025, 3, 1))
    assert etree.fromstring(svg).findtext("{*}title") == ribbon_sentence(months, date(2025, 3, 1))


def test_a_change_of_payer_is_named_where_it_happens() -> None:
    months = sample_months(date(2025, 1, 1), "PPPPPP", "Desa Kapur") + sample_months(date(2025, 7, 1), "PPPPPP", "APBD")
    root = etree.fromstring(ribbon_svg(months, today=TODAY))
    named = [(node.text, float(node.get("x"))) for node in root.findall("{*}text") if node.get("class") == "rb-payer"]
    assert [name for name, _x in named] == ["Desa Kapur", "APBD"]
    assert named[0][1] < named[1][1]


def test_today_and_full_protection_are_marked_only_inside_the_ribbon() -> None:
    months = sample_months(date(2026, 1, 1), "PP")
    assert "rb-today" in ribbon_svg(months, today=TODAY)
    assert "rb-full" in ribbon_svg(months, today=TODAY, full_from=date(2026, 1, 1))
    assert "rb-today" not in ribbon_svg(months, today=date(2027, 1, 1))
    assert "rb-full" not in ribbon_svg(months, today=TODAY, full_from=date(2020, 1, 1))


@given(
    st.lists(st.tuples(STATES, st.text(max_size=30)), max_size=80),
    st.sampled_from(["small", "large"]),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_any_ribbon_is_well_formed(pattern: list[tuple[str, str]], size: str, day: date) -> None:
    months = [
        RibbonMonth(add_months(date(2021, 5, 1), index), state, "".join(c for c in payer if c.isprintable()))
        for index, (state, payer) in enumerate(pattern)
    ]
    root = etree.fromstring(ribbon_svg(months, today=day, full_from=day, events=[RibbonEvent(day, "&")], size=size))
    width = float(root.get("width"))
    assert all(0 <= float(node.get("x")) <= width for node in root.iter("{*}text"))


PICTURES = {
    "ribbon": lambda evil: ribbon_svg(
        [RibbonMonth(date(2026, 2, 1), "paid", evil)], today=TODAY, events=[RibbonEvent(TODAY, evil)]
    ),
    "weave": lambda evil: weave_table(evil, months=[TODAY], rows=[WeaveRow(evil, [0.5], evil)], source=evil),
    "bars": lambda evil: bars(evil, [Bar(evil, 1, note=evil, url=evil)], unit=evil, source=evil),
    "gap": lambda evil: gap_bar(evil, covered=1, target=2, source=evil),
    "gaps": lambda evil: gap_bars(evil, [GapRow(evil, 1, 2, evil)], source=evil),
    "columns": lambda evil: columns_chart(evil, [(evil, 1)], source=evil),
    "spark": lambda evil: spark([1], label=evil),
    "map": lambda evil: dot_map(evil, [MapPoint(evil, 0, 109, 1, label=True, url=evil)], unit=evil, source=evil),
}


@pytest.mark.parametrize("picture", PICTURES)
def test_every_text_in_a_picture_is_escaped(picture: str) -> None:
    drawn = PICTURES[picture](EVIL)
    assert "<script" not in drawn
    assert not any(node.tag == "script" for node in html.fragment_fromstring(drawn).iter())
    assert "style=" not in drawn


CHARTS = {
    "bars": (bars("Judul", [Bar("Kapur", 5839)], unit="orang", as_of=TODAY, source="buku"), "5.839"),
    "gap": (gap_bar("Judul", covered=5839, target=12000, as_of=TODAY, source="buku"), "6.161"),
    "gaps": (gap_bars("Judul", [GapRow("Kapur", 10, 30)], as_of=TODAY, source="buku"), "20"),
    "columns": (columns_chart("Judul", [(TODAY, 16800)], kind="rupiah", as_of=TODAY, source="buku"), "Rp16.800"),
    "map": (dot_map("Judul", [MapPoint("Kapur", 0, 109, 7)], as_of=TODAY, source="buku"), "7"),
}


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_has_its_table_and_its_source(chart: str) -> None:
    drawn, figure = CHARTS[chart]
    root = html.fragment_fromstring(drawn)
    values = [cell.text_content() for cell in root.findall(".//details//td")]
    assert figure in values
    assert root.findall("p")[-1].text_content() == "Data per 27 Februari 2026 · sumber buku"


def test_the_gap_names_people_not_only_percent() -> None:
    drawn = gap_bar("Pekerja rentan", covered=5839, target=12000, people=28000)
    assert "5.839 dari 12.000 orang terlindungi (48,7%); 6.161 orang belum." in drawn


def test_bars_may_say_what_they_show() -> None:
    drawn = bars("Anggaran", [Bar("Pagu", 10), Bar("Terealisasi", 4)], sentence="4 dari 10 sudah dipakai.")
    assert "4 dari 10 sudah dipakai." in drawn and "Terbanyak" not in drawn


def test_charts_of_nothing_are_drawn() -> None:
    assert "Tidak ada data." in bars("Judul", [])
    assert "Tidak ada data." in columns_chart("Judul", [])
    assert "Tidak ada data." in dot_map("Judul", [])
    assert "(0,0%)" in gap_bar("Judul", covered=0, target=0)


def test_the_weave_names_the_first_empty_month() -> None:
    months = [date(2026, 1, 1), date(2026, 2, 1)]
    drawn = weave_table("Iuran", months=months, rows=[WeaveRow("Kapur", [1.0, 0.0]), WeaveRow("Limbung", [None, 1.0])])
    assert "Mulai Februari 2026 ada 1 wilayah tanpa pembayaran sama sekali." in drawn
    kinds = [cell.get("class") for cell in html.fragment_fromstring(drawn).findall(".//td")]
    assert kinds == ["wv wv-4", "wv wv-0", "wv wv-x", "wv wv-4"]


def test_a_weave_row_must_fit_its_months() -> None:
    with pytest.raises(ValueError, match="Kapur: 1 shares for 2 months"):
        weave_table("Iuran", months=[TODAY, TODAY], rows=[WeaveRow("Kapur", [1.0])])
