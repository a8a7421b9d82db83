"""Persons, their families and life events."""
