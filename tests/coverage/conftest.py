from coverage_history import history  # noqa: F401
from world import world  # noqa: F401
