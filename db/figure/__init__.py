"""Posed figures: a body from segment angles, drawn as SVG for paper and as cells for the terminal."""
