"""Death insurance (jaminan kematian)."""
