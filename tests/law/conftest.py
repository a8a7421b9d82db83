"""Properties of the law are tried without a stopwatch: a busy machine is no fault of theirs."""

from hypothesis import settings

settings.register_profile("law", deadline=None)
settings.load_profile("law")
