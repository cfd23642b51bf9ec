"""The proxy and the server as they are deployed, tried with the real programs."""
