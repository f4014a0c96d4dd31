"""Evaluation: questions that are not examples, what the guide makes of them, and the fitting of weights and bands."""
