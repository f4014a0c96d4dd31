"""The rules of the content check, a family a module. Their words are in ``problems.fi.yml`` and ``problems.en.yml``."""
