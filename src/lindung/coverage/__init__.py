"""Statistics with numerator, denominator, source and date."""
