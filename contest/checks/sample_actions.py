"""Drawing the sheets that are compared with their paper."""

import hashlib

from contest.audit.work import work
from contest.results import sample_queries, sample_rules


def draw_sample(actor, contest_id, confidence, bad, margin, seed):
    """Draw the sample and write it into the trail, so that nobody draws until he likes it; the Sample."""
    sample_rules.check_seed(seed)
    found = sample_queries.sample(contest_id, confidence, bad, margin, seed)
    labels = "\n".join(line.label for line in found.lines)
    with work(
        actor, "sample.draw", contest_id=contest_id, seed=seed, sheets=found.sheets,
        size=found.size, chosen=len(found.lines), confidence=confidence, bad=str(bad),
        margin=str(margin), hash=hashlib.sha256(labels.encode()).hexdigest(),
    ):
        pass
    return found
