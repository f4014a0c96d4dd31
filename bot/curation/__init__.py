"""What newcomers asked in vain, and what they said of answers: read, grouped and decided on by those who own the answers."""
