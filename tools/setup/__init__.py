"""`setup`: the wizard in a plain terminal, unattended, and what belongs to a configuration's versions and clones."""
