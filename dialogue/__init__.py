"""Code that runs inside the Rasa environment, and nowhere else."""
