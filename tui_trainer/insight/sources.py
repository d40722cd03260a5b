"""Arms that are there only for others to begin from their weights."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.insight.arms import Arm, experiment_of, title


def source_count(arms: Sequence[Arm]) -> int:
    """How many of the last arms learn other data than those that begin from their weights."""
    experiments = [experiment_of(arm) for arm in arms]
    count = 0
    for arm, own in zip(reversed(arms), reversed(experiments), strict=True):
        heirs = [it for it in experiments if it and it.warm_start.arm == arm.name]
        if not own or not heirs or any(heir.data == own.data for heir in heirs):
            break
        count += 1
    return count


def about_sources(arms: Sequence[Arm]) -> str:
    """What such arms are there for, as a sentence; empty if there are none."""
    begin = len(arms) - source_count(arms)
    names = [title(index, arms[index]) for index in range(begin, len(arms))]
    if not names:
        return ""
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"{listed} {'learn' if len(names) > 1 else 'learns'} other data, for others to begin from."
