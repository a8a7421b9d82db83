"""Payment codes and the bank's callbacks (SNAP virtual accounts)."""
