"""What comes before everything else in a turn: emergencies, found by rules, and the help lines that answer them."""
