"""The CPU detector that ships with Overread: ONNX networks, a card, and the code between."""
