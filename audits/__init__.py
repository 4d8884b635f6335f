"""The platform: models hold the rules, services write, selectors read, the API stays thin."""
