"""The verbs of ``python -m knowledge``, one a module: each has one function ``run`` whose docstring is its help."""
