"""From a release or an annotated folder to a corpus for fine-tuning; no database."""
