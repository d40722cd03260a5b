"""What happens beside the run that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from tui_trainer.runs.store import News, Store
from tui_trainer.ui.laboratory.background import Lane, Post
from tui_trainer.ui.laboratory.own_runs import OwnRuns


class Outlook:
    """What happened while the dashboard was closed, and which other runs that were started here are training.

    `changed` is called on the event loop.
    """

    def __init__(
        self, store: Store, own: OwnRuns, lane: Lane, post: Post, changed: Callable[[Literal["news", "sizes"]], None]
    ) -> None:
        self.news = News((), ())
        self.others: tuple[str, ...] = ()  # names of runs
        self._store = store
        self._own = own
        self._lane = lane
        self._post = post
        self._changed = changed

    @property
    def warnings(self) -> Sequence[str]:
        """What there is to say about the other runs."""
        more = len(self.others)
        said = f"{more} more {'run is' if more == 1 else 'runs are'} training: {', '.join(self.others)}"
        return [said] if more else []

    def look_for_news(self) -> None:
        """Find out what happened."""
        self._lane.do(self._find_news)

    def forget_news(self) -> None:
        """It is no news any more."""
        self._take_news(News((), ()))

    def look_for_others(self, looked_at: str) -> None:
        """Find out which others train than the run with this id, and what became of those that the news names."""
        if self.news.running:
            self._lane.do(partial(self._look_again, self.news))
        self._lane.do(lambda: self._post(partial(self._take_others, self._own.names(looked_at))))

    def _find_news(self) -> None:
        found = self._store.news()
        others = tuple(run for run in found.running if run.id not in self._own)
        self._post(partial(self._take_news, replace(found, running=others)))

    def _look_again(self, news: News) -> None:
        from tui_trainer.runs.summary import summarize

        now = [summarize(run.folder) for run in news.running]
        ended = tuple(run for run in now if not run.alive)
        if ended:
            later = News((*ended, *news.ended), tuple(run for run in now if run.alive))
            self._post(lambda: self._take_news(later) if self.news is news else None)

    def _take_news(self, news: News) -> None:
        self.news = news
        self._changed("news")

    def _take_others(self, names: tuple[str, ...]) -> None:
        if names != self.others:
            self.others = names
            self._changed("sizes")
