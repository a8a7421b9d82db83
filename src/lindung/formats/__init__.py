"""Readers and writers of the outside world's files: workbooks, bank files, printed letters."""
