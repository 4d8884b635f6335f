"""Releases: ask for one, build it, publish it. `tables` says what leaves, `terms` what may."""
