"""The product without a face: no Kivy, no serial port, no socket of its own."""

import os

# onnxruntime (seen with 1.31 on Linux) gives the machine an id, keeps a database of events in the home folder and
# sends them to its maker unless this is set before it is imported. A citizen's terminal reports to nobody.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
