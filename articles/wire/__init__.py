"""In and out: story files, and later other systems' formats. It imports the ground floor only."""
