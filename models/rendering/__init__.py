"""Layouts to pictures and back: the embedded painter's networks, and the eye that reads what a picture shows."""
