"""Models behind an OpenAI-compatible server (vLLM and others): asking, asking again, giving up."""
