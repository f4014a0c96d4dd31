"""What the dialogue asks to be done. Each action is thin: it calls the service's modules and says what came of it."""
