"""The verdict on a comparison, in plain words, from its figures."""

from tui_trainer.insight.verdict.base import Proposal, Verdict
from tui_trainer.insight.verdict.judge import verdict

__all__ = ["Proposal", "Verdict", "verdict"]
