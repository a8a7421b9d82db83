"""What is owed, by whom (PP 44/2015, PP 45/2015, PP 46/2015, PP 37/2021)."""
