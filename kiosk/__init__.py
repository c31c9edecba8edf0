"""The product without a face: journeys, catalogue, capture, devices' workers."""

import os

# onnxruntime (since 1.2x, on Linux too) gives the machine an id, keeps a database of events in the home folder and
# sends them to its maker unless this is set before it is imported. A citizen's terminal reports to nobody.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
