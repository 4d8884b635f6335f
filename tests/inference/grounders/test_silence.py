"""Nothing that looks at an image calls home."""

import os
import subprocess
import sys


def test_onnxruntime_is_told_to_stay_silent_before_it_is_imported() -> None:
    program = (
        "import sys, os; import inference.grounders.embedded;"
        "assert 'onnxruntime' not in sys.modules;"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'"
    )
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
