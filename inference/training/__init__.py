"""How the embedded grounder is made. Needs requirements-train.txt; nothing else imports it."""
