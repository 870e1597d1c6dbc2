"""What every picture shares, apart from the code that draws it: the colours, the halo, and whose side lies where."""

from __future__ import annotations

# Distinct in colour, and distinct in grey.
COLOURS = {
    "near": "#15242f",
    "trunk": "#5486ad",
    "far": "#a3b2bc",
    "face": "#ffffff",
    "prop": "#e4e0d8",
    "cloth": "#fffdf8",
    "edge": "#7a756b",
    "arrow": "#c62b1d",
    "plain": "#dfe5e9",
    "chosen": "#b3261e",
}
HALO = 1.5
# Whose side lies on the picture's left, and on its right.
SIDES = {"front": ("right", "left"), "back": ("left", "right")}
