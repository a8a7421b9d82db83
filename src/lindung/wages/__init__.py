"""Wage reports of employers, from workbook to person-months; the pages of a company's own HR."""
