"""One fine-tuning run: QLoRA by TRL, resumable, with a record of all it was made of."""

import time
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from trl import SFTConfig, SFTTrainer

from inference.finetune.bases import load_for_training, load_processor
from inference.finetune.chats import read_chats
from inference.finetune.plan import TARGETS, Plan
from inference.finetune.record import check_corpus, write_record

ADAPTER, CHECKPOINTS = "adapter", "checkpoints"


def finetune(plan: Plan, out: Path, *, resume: bool) -> dict[str, Any]:
    """Train an adapter into ``out`` (adapter/, record.json, curves.png, card.md); the record.

    Raises ``ValueError`` for a corpus that is not what its report says or teaches nothing, and
    where a run lies in ``out`` and ``resume`` is false; ``OSError`` without a base.
    """
    if (out / CHECKPOINTS).exists() and not resume:
        raise ValueError(f"{out} holds a run: add --resume, or choose another folder")
    files = check_corpus(plan.corpus)
    out.mkdir(parents=True, exist_ok=True)
    trainer = make_trainer(plan, out)
    last = last_checkpoint(out)
    started = time.monotonic()
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    trainer.save_model(str(out / ADAPTER))
    told = {
        "seconds": round(time.monotonic() - started, 1),
        "resumed_from": last.name if last else None,
        "weights": _weights(trainer.model),
        "steps": trainer.state.global_step,
        "log": trainer.state.log_history,
    }
    return write_record(plan, out, files, told)


def make_trainer(plan: Plan, out: Path) -> Any:
    """The trainer, its model quantized and its adapter fresh."""
    learning, held = (read_chats(plan.corpus, split) for split in ("train", "validation"))
    if not len(learning):
        raise ValueError(f"{plan.corpus} holds no chat of the train split")
    trainer = SFTTrainer(
        model=load_for_training(plan),
        args=_arguments(plan, out, judged=len(held) > 0),
        train_dataset=learning,
        eval_dataset=held if len(held) else None,
        processing_class=load_processor(plan.base),
        peft_config=LoraConfig(
            r=plan.rank,
            lora_alpha=plan.alpha,
            lora_dropout=plan.dropout,
            use_dora=plan.dora,
            target_modules=TARGETS,
            task_type="CAUSAL_LM",
        ),
    )
    # The trainer puts the adapter of a quantized base in 16 bits, a resumed one in 32: the second
    # half of a stopped run would round otherwise than the first.
    for weights in trainer.model.parameters():
        if weights.requires_grad:
            weights.data = weights.data.float()
    return trainer


def last_checkpoint(out: Path) -> Path | None:
    """The newest whole checkpoint: a kill while one is written leaves it without its state."""
    whole = [
        path
        for path in (out / CHECKPOINTS).glob("checkpoint-*")
        if (path / "trainer_state.json").is_file()
    ]
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def _arguments(plan: Plan, out: Path, *, judged: bool) -> Any:
    has_gpu = torch.cuda.is_available()
    return SFTConfig(
        output_dir=str(out / CHECKPOINTS),
        per_device_train_batch_size=plan.batch,
        per_device_eval_batch_size=plan.batch,
        gradient_accumulation_steps=plan.accumulate,
        num_train_epochs=plan.epochs,
        max_steps=plan.steps or -1,
        learning_rate=plan.rate,
        warmup_steps=plan.warmup,
        lr_scheduler_type="cosine",
        optim="paged_adamw_8bit" if has_gpu else "adamw_torch",
        bf16=has_gpu,
        use_cpu=not has_gpu,
        activation_checkpointing=plan.checkpointing,
        activation_checkpointing_kwargs={"use_reentrant": False},
        # An image is hundreds of tokens: cutting to a length would cut the answer.
        max_length=None,
        # The rows hold prompt and completion: the loss is on the assistant's turn alone.
        completion_only_loss=True,
        logging_steps=plan.log_every,
        save_steps=plan.save_every,
        save_total_limit=2,
        eval_strategy="steps" if judged else "no",
        eval_steps=plan.save_every,
        seed=plan.seed,
        data_seed=plan.seed,
        dataloader_pin_memory=has_gpu,
        report_to="none",
    )


def _weights(model: Any) -> dict[str, int]:
    return {
        "trained": sum(p.numel() for p in model.parameters() if p.requires_grad),
        "frozen": sum(p.numel() for p in model.parameters() if not p.requires_grad),
    }
