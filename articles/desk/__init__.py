"""The editors' wing: revisions, workflow, the press, forms. It imports the ground floor only."""
