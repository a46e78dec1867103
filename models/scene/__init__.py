"""What is to be seen, and where: words to layouts, and layouts changed by words, for the embedded painter."""
