"""From a model's raw text to findings or mentions, with an account of everything it said."""

from inference.recovery.account import Account
from inference.recovery.findings import FindingRecovery, recover_findings
from inference.recovery.mentions import MentionRecovery, recover_mentions
from inference.recovery.repair import ImageFrame
from inference.recovery.thinking import Thinking, split_thinking

__all__ = [
    "Account",
    "FindingRecovery",
    "ImageFrame",
    "MentionRecovery",
    "Thinking",
    "recover_findings",
    "recover_mentions",
    "split_thinking",
]
