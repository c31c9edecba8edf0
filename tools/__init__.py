"""The sub-commands of run_kiosk.py. Assembles by hand what the other folders offer: no container, no global."""
