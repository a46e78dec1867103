"""What every reader of sentences knows of English: names of things, numbers, plurals, politeness, typing errors."""
