"""``python -m inference.finetune train | merge``: an adapter, and a model with it merged in."""

import argparse
import json
import sys
from pathlib import Path

from inference.finetune.plan import read_plan


def main(argv: list[str] | None = None) -> int:
    """0, or 1 with a sentence for a plan, corpus, base or merge that can't be used."""
    parser = argparse.ArgumentParser(prog="python -m inference.finetune", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    train = steps.add_parser("train", help="train an adapter as a YAML plan says")
    train.add_argument("plan", type=Path, help="see inference/finetune/configs")
    train.add_argument("--out", type=Path, required=True, help="adapter, record, curves, card")
    train.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    train.set_defaults(run=_train)
    merge = steps.add_parser("merge", help="merge a run's adapter into its base, checked")
    merge.add_argument("run_folder", metavar="RUN", type=Path, help="train's --out")
    merge.add_argument("--out", type=Path, required=True, help="a new folder for the model")
    merge.set_defaults(run=_merge)
    args = parser.parse_args(argv)
    try:
        args.run(args)
    except ModuleNotFoundError as missing:
        return _fail(
            f"{missing.name} is not installed: "
            "pip install -r requirements-models.txt -r requirements-train.txt"
        )
    except (ValueError, OSError) as error:
        return _fail(str(error))
    return 0


def _train(args: argparse.Namespace) -> None:
    plan = read_plan(args.plan)
    from inference.finetune.run import finetune  # noqa: PLC0415  (torch only where needed)

    record = finetune(plan, args.out, resume=args.resume)
    shown = {name: record[name] for name in ("steps", "seconds", "weights", "resumed_from")}
    sys.stdout.write(json.dumps(shown) + "\n")


def _merge(args: argparse.Namespace) -> None:
    from inference.finetune.merge import merge  # noqa: PLC0415

    sys.stdout.write(json.dumps(merge(args.run_folder, args.out)) + "\n")


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
