"""QLoRA fine-tuning of vision-language models on a curated corpus (requirements-train.txt)."""
