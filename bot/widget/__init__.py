"""The website widget: what browsers load, and the pages that the service itself shows."""
