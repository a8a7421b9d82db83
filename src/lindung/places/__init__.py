"""Provinces to villages, and the working-day calendar."""
