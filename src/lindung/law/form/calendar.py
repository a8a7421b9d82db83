"""Days and months as whole numbers, so that a rule compares and adds them like any other number.

A day is its proleptic Gregorian ordinal (as `date.toordinal()`); a month is `year * 12 + month - 1`;
0 stands for "none".
"""

from __future__ import annotations

SATURDAY = 6


def day_number(year: int, month: int, day: int) -> int:
    """The day's ordinal, by integer arithmetic only."""
    shifted = year * 12 + month - 3  # a year that begins in March puts the leap day at its end
    years, months = shifted // 12, shifted % 12
    return 365 * years + years // 4 - years // 100 + years // 400 + (153 * months + 2) // 5 + day - 306


def month_of(day: int) -> int:
    """The month a day lies in."""
    month = day * 4800 // 146097 + 10  # 4,800 months last 146,097 days; 10 keeps the guess from being late
    while first_day(month + 1) <= day:
        month += 1
    return month


def first_day(month: int) -> int:
    """The first day of a month."""
    return day_number(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> int:
    """The last day of a month."""
    return first_day(month + 1) - 1


def day_in_month(month: int, day: int) -> int:
    """The given day of a month, or its last day when the month is shorter."""
    return min(first_day(month) + day - 1, last_day(month))


def add_months(day: int, months: int) -> int:
    """The same day so many months later, or the last day of a shorter month."""
    month = month_of(day)
    return day_in_month(month + months, day - first_day(month) + 1)


def add_years(day: int, years: int) -> int:
    """The same day so many years later; 29 February becomes 28 February in a common year."""
    return add_months(day, 12 * years)


def is_working_day(day: int, holidays: tuple[int, ...]) -> bool:
    """Monday to Friday and not among the holidays given."""
    return (day - 1) % 7 + 1 < SATURDAY and day not in holidays


def working_day_from(day: int, step: int, holidays: tuple[int, ...]) -> int:
    """The day itself if a working day, else the nearest one in the direction of `step` (+1 or -1)."""
    while not is_working_day(day, holidays):
        day += step
    return day


def add_working_days(day: int, count: int, holidays: tuple[int, ...]) -> int:
    """The `count`-th working day after a day, which is itself not counted."""
    for _ in range(count):
        day = working_day_from(day + 1, 1, holidays)
    return day
