"""Workers who register and pay for themselves."""
