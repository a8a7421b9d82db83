"""The lists annexed to the regulations, as CSV beside this file, and how to search them by words."""
