"""The readers' wing: what the public sees at a moment. It imports the ground floor only."""
