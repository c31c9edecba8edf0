"""The crash test: real processes, real files, a real server, and everything that can go wrong at a random instant."""
