"""What generative models have in common, wherever they run: asking again, reading, recording."""
