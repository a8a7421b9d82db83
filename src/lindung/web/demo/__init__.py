"""The demonstration: synthetic people of Kubu Raya and the files an office would send."""
