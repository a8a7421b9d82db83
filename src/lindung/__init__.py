"""Lindung: employment social security (jaminan sosial ketenagakerjaan) for an Indonesian regency."""

__version__ = "0.1.0"
