"""Job loss insurance (jaminan kehilangan pekerjaan)."""
