"""Person-months, bills, payments and the cover that follows from them."""
