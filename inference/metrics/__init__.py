"""The only measure: every number with its n and a 95% interval by patient."""
