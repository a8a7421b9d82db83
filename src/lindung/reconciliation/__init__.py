"""Bank statements, SP2D lists and manual receipts: money matched to bills, the rest in suspense."""
