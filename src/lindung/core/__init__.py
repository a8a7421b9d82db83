"""What every room needs; knows no business word."""
