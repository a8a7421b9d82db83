"""Schemes that pay for vulnerable workers: proposals, checks, decrees, renewal."""
