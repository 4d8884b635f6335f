"""Tiny models of the real architectures with random weights, made in a second and saved."""

from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    Gemma3Config,
    Gemma3ForConditionalGeneration,
    Gemma3ImageProcessorPil,
    Gemma3Processor,
    NemotronHConfig,
    NemotronHForCausalLM,
    PreTrainedTokenizerFast,
)

from inference.prompts import load_prompt

_IMAGE_SIDE = 32
_IMAGE_TOKENS = 4

_GEMMA_CHAT = """\
{{ bos_token }}{% for message in messages %}<start_of_turn>\
{{ 'model' if message['role'] == 'assistant' else message['role'] }}
{% if message['content'] is string %}{{ message['content'] }}{% else %}\
{% for part in message['content'] %}{% if part['type'] == 'image' %}<start_of_image>\
{% else %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<end_of_turn>
{% endfor %}{% if add_generation_prompt %}<start_of_turn>model
{% endif %}"""

_NEMOTRON_CHAT = """\
{% for message in messages %}<|im_start|>{{ message['role'] }}
{{ message['content'] }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% if enable_thinking %}<think>
{% else %}<think></think>{% endif %}{% endif %}"""


def make_gemma(folder: Path, seed: int = 0) -> Path:
    """A Gemma 3 with a vision tower, as MedGemma is; its processor beside it."""
    marks = ["<pad>", "<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>", "<start_of_image>",
             "<end_of_image>", "<image_soft_token>"]  # fmt: skip
    tokenizer = _tokenizer(
        marks, eos_token="<eos>", bos_token="<bos>",
        extra_special_tokens={"image_token": "<image_soft_token>", "boi_token": "<start_of_image>",
                              "eoi_token": "<end_of_image>"},
    )  # fmt: skip
    at = {mark: tokenizer.convert_tokens_to_ids(mark) for mark in marks}
    config = Gemma3Config(
        text_config={
            "vocab_size": _width(tokenizer), "hidden_size": 64, "intermediate_size": 64,
            "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
            "head_dim": 32, "sliding_window": 64, "max_position_embeddings": 4096,
            "layer_types": ["sliding_attention", "full_attention"],
        },
        vision_config={
            "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1,
            "num_attention_heads": 2, "image_size": _IMAGE_SIDE, "patch_size": 8,
        },
        mm_tokens_per_image=_IMAGE_TOKENS,
        boi_token_index=at["<start_of_image>"], eoi_token_index=at["<end_of_image>"],
        image_token_index=at["<image_soft_token>"],
        bos_token_id=at["<bos>"], pad_token_id=at["<pad>"], eos_token_id=at["<eos>"],
    )  # fmt: skip
    torch.manual_seed(seed)
    model = Gemma3ForConditionalGeneration(config)
    model.generation_config.eos_token_id = [at["<eos>"], at["<end_of_turn>"]]
    model.save_pretrained(folder)
    pictures = Gemma3ImageProcessorPil(size={"height": _IMAGE_SIDE, "width": _IMAGE_SIDE})
    Gemma3Processor(
        pictures, tokenizer, chat_template=_GEMMA_CHAT, image_seq_length=_IMAGE_TOKENS
    ).save_pretrained(folder)
    return folder


def make_nemotron(folder: Path, seed: int = 0) -> Path:
    """A Nemotron-H: a Mamba layer, attention, an MLP."""
    marks = ["<pad>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
    tokenizer = _tokenizer(marks, eos_token="<|im_end|>")
    tokenizer.chat_template = _NEMOTRON_CHAT
    config = NemotronHConfig(
        vocab_size=_width(tokenizer), hidden_size=64, intermediate_size=64,
        layers_block_type=["linear_attention", "full_attention", "mlp"],
        num_attention_heads=2, num_key_value_heads=1, head_dim=32,
        mamba_num_heads=32, mamba_head_dim=4, ssm_state_size=16, n_groups=1, chunk_size=16,
        max_position_embeddings=4096,
        pad_token_id=0, eos_token_id=tokenizer.eos_token_id, bos_token_id=None,
    )  # fmt: skip
    torch.manual_seed(seed)
    NemotronHForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer(marks: list[str], **names: object) -> PreTrainedTokenizerFast:
    """A byte-level BPE of 512 pieces, trained on our own prompts."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    texts = [load_prompt("findings-1", "findings").user, load_prompt("mentions-1", "mentions").user]
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=[AddedToken(mark, special=True) for mark in marks],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", **names)


def _width(tokenizer: PreTrainedTokenizerFast) -> int:
    """Wider than the tokenizer, as the real models are, and a multiple of 32 for NF4."""
    return (len(tokenizer) // 32 + 2) * 32
