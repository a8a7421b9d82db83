"""Cover, heirs and time limits."""
