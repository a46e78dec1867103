"""Language models with open weights that run here: their templates, what they write, and calls held to a grammar."""
