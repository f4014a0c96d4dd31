"""Benchmark: the guide beside a stock Rasa FAQ that is trained on the same content."""
