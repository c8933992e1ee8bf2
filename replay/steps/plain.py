"""Words that need no field: the act of the same name, done to the institution, its latest application or its agreement."""

from __future__ import annotations

from replay.case import Step
from replay.stage import Stage
from replay.words import step

PLAIN = {
    "fulfil_penalty": "institution",
    "fulfil_liability": "institution",
    "discover_fraud": "institution",
    "record_second_fail": "institution",
    "accept": "application",
    "start_re_evaluation": "application",
    "request_resumption": "agreement",
    "resume": "agreement",
    "order_full_check": "agreement",
    "close_full_check": "agreement",
    "request_renewal": "agreement",
    "request_non_renewal": "agreement",
    "release_hold": "agreement",
}


def plain(word: str, of: str) -> None:
    """Let a word be played so."""

    @step(word)
    def play(stage: Stage, given: Step) -> None:
        stage.act(given, word, getattr(stage, of)(given))


for name, of in PLAIN.items():
    plain(name, of)
