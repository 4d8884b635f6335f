"""The CPU detector that ships with Overread: ONNX networks, a card, and the code between."""

import os

# The official onnxruntime wheels (1.32) send usage events to their maker unless this is set before
# the first import. Nothing that looks at a patient's image may call home.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
