"""Insured events, claims, decisions under four eyes, payouts."""
