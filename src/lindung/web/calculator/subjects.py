"""The common cases, in the order they are offered."""

from __future__ import annotations

from lindung.web.calculator.company import MY_COMPANY
from lindung.web.calculator.contribution import MY_CONTRIBUTION
from lindung.web.calculator.family import MY_FAMILY
from lindung.web.calculator.pension import MY_PENSION
from lindung.web.calculator.savings import MY_SAVINGS

CALCULATORS = (MY_CONTRIBUTION, MY_FAMILY, MY_COMPANY, MY_PENSION, MY_SAVINGS)
