"""The widget in a real browser, against the running service and Rasa."""
