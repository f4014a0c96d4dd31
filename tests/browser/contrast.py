"""Contrast of two colours, as WCAG 2.2 defines it. Apart from the widget's own reckoning, so that one checks the other."""

from __future__ import annotations

Colour = tuple[int, int, int]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
