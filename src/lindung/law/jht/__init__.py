"""Old-age savings (jaminan hari tua)."""
