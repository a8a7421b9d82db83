"""A synthetic nation and its month, run in PostgreSQL: how far one machine carries."""
