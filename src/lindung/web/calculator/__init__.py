"""The public calculator: the law's answers for the common cases, one question a screen, no sign-in."""
