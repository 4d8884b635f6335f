"""``python -m inference.training anatomy | package | curves``: beside ``train-detector``."""

import argparse
import json
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m inference.training", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    anatomy = steps.add_parser("anatomy", help="train the heart-and-lung network on JSRT")
    anatomy.add_argument("--films", type=Path, required=True, help="folder: images.csv, masks/")
    anatomy.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    anatomy.add_argument("--epochs", type=int, default=25)
    anatomy.add_argument("--seed", type=int, default=1)
    anatomy.set_defaults(run=_anatomy)
    package = steps.add_parser("package", help="export runs, choose thresholds, write the card")
    package.add_argument(
        "--runs", type=Path, nargs="+", required=True, help="train-detector's --out"
    )
    package.add_argument("--anatomy", type=Path, required=True, help="the anatomy ONNX file")
    judged = package.add_mutually_exclusive_group(required=True)
    judged.add_argument("--data", type=Path, help="folder whose val split chooses thresholds")
    judged.add_argument("--thresholds", type=Path, help="a detector's folder, to keep its own")
    package.add_argument("--out", type=Path, required=True, help="the weights folder")
    package.add_argument("--version", required=True)
    package.set_defaults(run=_package)
    curves = steps.add_parser("curves", help="draw runs' logs under each other")
    curves.add_argument("--logs", type=Path, nargs="+", required=True, help="log.jsonl files")
    curves.add_argument("--out", type=Path, required=True, help="the PNG to write")
    curves.set_defaults(run=_curves)
    args = parser.parse_args(argv)
    args.run(args)
    return 0


def _anatomy(args: argparse.Namespace) -> None:
    from inference.training import anatomy_net  # noqa: PLC0415  (torch only where it is needed)
    from inference.training.anatomy_record import write_anatomy_record  # noqa: PLC0415

    films = anatomy_net.read_films(args.films, "train")
    losses: list[float] = []
    net = anatomy_net.train(films, args.epochs, args.seed, losses.append)
    anatomy_net.export(net, args.out)
    write_anatomy_record(
        args.out, args.films, learnt=len(films.pixels), seed=args.seed, losses=losses
    )


def _package(args: argparse.Namespace) -> None:
    from inference.training.package import package  # noqa: PLC0415

    checkpoints = [folder / "checkpoint.pt" for folder in args.runs]
    judged = args.data or args.thresholds
    report = package(checkpoints, args.anatomy, judged, args.out, args.version)
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def _curves(args: argparse.Namespace) -> None:
    from inference.training.curves import draw  # noqa: PLC0415

    logs = {
        path.stem: [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
        for path in args.logs
    }
    draw(logs, args.out)


if __name__ == "__main__":
    sys.exit(main())
