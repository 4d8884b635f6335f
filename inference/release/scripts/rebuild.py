"""Put the images that this release may not hold into a copy of it, from your own download.

    PYTHONPATH=OVERREAD python scripts/rebuild.py ORIGINALS... OUT

ORIGINALS are folders with the sources' images (PNG, JPEG, WebP, TIFF, DICOM; any names), which
their terms let you have; LICENSES/ says where to ask. OVERREAD is a checkout of the code that made
this release. Prints what was found, and what is missing, as JSON.
"""

import sys
from pathlib import Path

from inference.__main__ import main

if __name__ == "__main__":
    release = Path(__file__).resolve().parent.parent
    sys.exit(main(["rebuild-release", str(release), *(sys.argv[1:] or ["--help"])]))
