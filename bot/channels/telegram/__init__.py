"""The guide in Telegram: updates come in, turns are taken, messages go out. What is kept of a person is a number."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")  # times of the library are told as such; it warns of plain numbers
