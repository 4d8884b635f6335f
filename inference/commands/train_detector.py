"""Train the embedded grounder's network from a folder of radiographs with boxes."""

import argparse
import sys
from pathlib import Path

HELP = "train the embedded detector (needs requirements-train.txt)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="folder: images.csv, boxes.csv")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint, log and curves")
    parser.add_argument("--nodules", type=Path, help="a folder in JSRT's shape, nodules only")
    parser.add_argument(
        "--phantoms", type=int, default=0, help="how many rendered phantoms to mix in"
    )
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--size", type=int, default=416, help="pixels, a multiple of 32")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="begin with this checkpoint or ONNX network")
    parser.add_argument("--rate", type=float, default=1.0, help="times the usual learning rates")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")


def run(args: argparse.Namespace) -> int:
    try:
        import torch  # noqa: PLC0415

        from inference.training.driver import train_detector  # noqa: PLC0415
        from inference.training.loop import Plan  # noqa: PLC0415
        from inference.training.progress import Bar  # noqa: PLC0415
        from inference.training.sources import Sources  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        sys.stderr.write(
            f"{missing.name} is not installed: pip install -r requirements-train.txt\n"
        )
        return 2
    sources = Sources(args.data, args.nodules, args.phantoms, args.start)
    torch.set_num_threads(args.threads)
    plan = Plan(size=args.size, epochs=args.epochs, seed=args.seed, rate=args.rate)
    try:
        train_detector(sources, plan, args.out, resume=args.resume, tell=Bar())
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0
