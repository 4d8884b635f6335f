# Thin: every target is `python3 -m bootstrap VERB`; bootstrap/start finds the Python.
ARGS ?=
START := @sh bootstrap/start

.DEFAULT_GOAL := help
.PHONY: help setup run stop test bench lint types lock clean manage

help setup run stop test lint types lock clean:
	$(START) $@

manage:
	$(START) manage $(ARGS)

bench:
	$(START) bench

bench-%:
	$(START) bench $* $(ARGS)
