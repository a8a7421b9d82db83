"""Lindung: employment social security (jaminan sosial ketenagakerjaan) for an Indonesian regency."""
