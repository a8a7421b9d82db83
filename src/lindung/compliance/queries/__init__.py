"""Reads of compliance."""
