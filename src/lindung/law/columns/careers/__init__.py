"""Careers and accounts over columns: pensions (JP) and old-age savings (JHT) of many people in one pass.

    from lindung.law.columns.careers import assess_careers, jht_balances

Each row has as many months, years or deposits as it has; the rules are those that judge one case.
"""

from __future__ import annotations

from .assessment import CareerRequest, assess_career_batch, assess_career_batches, assess_careers, jht_balances

__all__ = ["CareerRequest", "assess_career_batch", "assess_career_batches", "assess_careers", "jht_balances"]
