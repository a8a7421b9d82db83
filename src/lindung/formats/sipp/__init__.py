"""The workbooks employers exchange with SIPP: new workers, wages, leavers; read and written by column name.

`read_new_workers`, `read_wages`, `read_leavers` (or `read`, whatever it is) take .xlsx bytes and return a
SippTable; `write_*` make the very files SIPP takes. `docs/sipp.md` says where each header was found.
"""

from lindung.formats.sipp.columns import MAX_ROWS, Kind
from lindung.formats.sipp.problems import WARNINGS, explain
from lindung.formats.sipp.reading import SippTable, detect, read, read_leavers, read_new_workers, read_wages
from lindung.formats.sipp.writing import file_name, write_leavers, write_new_workers, write_wages

__all__ = [
    "MAX_ROWS",
    "WARNINGS",
    "Kind",
    "SippTable",
    "detect",
    "explain",
    "file_name",
    "read",
    "read_leavers",
    "read_new_workers",
    "read_wages",
    "write_leavers",
    "write_new_workers",
    "write_wages",
]
