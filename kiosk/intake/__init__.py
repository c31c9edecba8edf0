"""Other ways for a sheet to come in: pictures from the citizen's phone, files from her USB stick. All in memory."""
