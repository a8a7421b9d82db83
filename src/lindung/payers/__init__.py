"""Who pays contributions: companies, agencies, villages, donors, the worker himself."""
