"""How the site says whether it is well: what is looked at, and who is told."""
