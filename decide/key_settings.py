"""Placeholder until merged."""


def load(folder, commands):
    return {}
