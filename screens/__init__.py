"""What is seen: the app, one file per screen, one stylesheet. Screens turn keys into calls and results into widgets."""
