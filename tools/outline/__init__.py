"""How the finder's networks are made: scenes are generated, networks trained on them, and exported as ONNX.

No part of a terminal: torch is needed here and nowhere else, and is imported when training begins.
"""
