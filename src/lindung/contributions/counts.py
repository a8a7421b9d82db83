"""How many people are covered, as one statement over the derived covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from lindung.contributions import legal, sql


@dataclass(frozen=True)
class CoverCounts:
    """People within the actor's scope by their best cover on a day; the dead are in none."""

    active: int
    grace: int
    inactive: int

    @property
    def covered(self) -> int:
        """Protected: paid up, or within the months of grace."""
        return self.active + self.grace


def count_cover(on: date) -> CoverCounts:
    """Who is covered on a day. Only persons whose unbroken run began by then count."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH best AS (
              SELECT person_id, min(CASE {sql.STATUS} WHEN 'active' THEN 1 WHEN 'grace' THEN 2 ELSE 3 END) AS rank,
                     bool_and(c.ended_on < %(on)s) AS ended
                FROM contributions_cover c WHERE c.protected_since <= %(on)s GROUP BY person_id)
            SELECT count(*) FILTER (WHERE rank = 1), count(*) FILTER (WHERE rank = 2),
                   count(*) FILTER (WHERE rank = 3 AND ended IS NOT TRUE) FROM best
            """,
            legal.status_limits(on).values(),
        )
        return CoverCounts(*cursor.fetchone())
