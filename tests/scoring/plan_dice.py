"""Chance for the generated contests, with a thumb on the scale where a test wants one feature."""

# What a contest can be biased toward; `plans.random_contest(rng, bias="method.borda")`.
FEATURES = (
    # 1. marks
    *("kind." + kind for kind in ("points", "deductions", "checklist", "judgement", "measured", "grade")),
    *("way." + way for way in ("table", "formula", "power", "itself")),
    *("take." + take for take in ("best", "worst", "last", "sum", "mean")),
    *("key_item." + where for where in ("sheet", "module")),
    "attempts", "void", "better_low", "drop_attempts", "unclamped", "whole", "loses", "beyond",
    # 2. panels
    *("method." + method for method in ("mean", "sum", "median", "majority", "borda")),
    *("panel." + what for what in ("drops", "drop_from", "tolerance", "weights", "factor", "spread")),
    "panels", "rank", "remark", "excused", "level.aspect", "apart", "difficulty", "adjust",
    "entry.scores",
    # 3. combination
    *("combine." + how for how in ("weights", "points", "best")),
    *("stage." + how for how in ("weights", "points")),
    "within", "carry", "base", "cap", "lowest", "pass_mark", "team_part", "two_stages",
    "penalty", "penalty_first", "percent", "module_absent", "module_void",
    # 4. rounding
    *("mode." + mode for mode in ("half_up", "half_even", "down")),
    "own", "exact", "round_all", "round_nothing",
    # 5. ranking
    *("tie." + by for by in ("part", "module", "stage", "aspect", "attempt", "untrimmed",
                             "better_places", "data", "sum")),
    "order_low", "ruled", "dense", "by_group", "passed_only",
    *("state." + state for state in ("absent", "withdrawn", "disqualified", "not_finished")),
    # 6. teams
    *("team." + method for method in ("sum", "mean", "best", "places")),
    "teams", "organisations", "too_many",
    # 7. who goes on
    "advance", "advance_percent", "advance_cap",
    *("line." + line for line in ("in", "out", "key")),
    # 8. awards
    *("award." + rule for rule in ("ratio", "count", "threshold", "top", "vote")),
    "awards", "fraction", "cumulative", "passed", "unless", "only", "shift", "one_each", "from_competed",
    # 9. adjustment
    *("adjustment." + method for method in ("group_mean", "z", "robust")),
    "scale",
    # how complete the marks are
    "gap", "unmarked_final", "strangers_to_final",
)


class Dice:
    """A random.Random that knows which features a test wants, and which it has used."""

    def __init__(self, rng, bias=()):
        self.rng = rng
        self.bias = {bias} if isinstance(bias, str) else set(bias)
        unknown = self.bias - set(FEATURES)
        if unknown:
            raise ValueError(f"no such feature: {', '.join(sorted(unknown))}")
        self.used = set()

    def yes(self, feature: str, chance: float) -> bool:
        """True as often as `chance` says, or nearly always where the feature is wanted."""
        hit = self.rng.random() < (max(chance, 0.9) if feature in self.bias else chance)
        if hit:
            self.used.add(feature)
        return hit

    def wants(self, *beginnings: str) -> bool:
        """Does the bias ask for a feature that begins so?"""
        return any(feature.startswith(beginnings) for feature in self.bias)

    def pick(self, group: str, options: list, weights: list | None = None):
        """One of the options; the wanted one ("group.option") nearly always."""
        wanted = [option for option in options if f"{group}.{option}" in self.bias]
        found = wanted[0] if wanted and self.rng.random() < 0.9 else self.rng.choices(options, weights)[0]
        self.used.add(f"{group}.{found}")
        return found

    def one(self, options):
        """One of the options, all alike."""
        return self.rng.choice(options)

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.rng.randint(low, high)
