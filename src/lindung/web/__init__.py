"""The site, the API, the command line, the demonstration."""
