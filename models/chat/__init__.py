"""The embedded language model: what a conversation is to it, its network, and the rules that correct its decisions."""
