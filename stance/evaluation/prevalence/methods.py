"""The paragraph on shares for a paper's section on methods."""

from __future__ import annotations

from stance.evaluation.prevalence.results import GroupShares, PrevalenceResults, Share

_CORRECTIONS = {
    "equal": "prediction-powered inference with a tuned weight of the predictions (PPI++; "
    "Angelopoulos, Duchi and Zrnic 2023)",
    "known": "design-based supervised learning (Egami, Hinck, Stewart and Wei 2023), which weights "
    "each labelled statement by the inverse of its known probability of being drawn, with a tuned "
    "weight of the predictions as in PPI++ (Angelopoulos, Duchi and Zrnic 2023)",
}
_INTERVALS = {
    "wilson": "Wilson intervals with the effective sample size and t quantiles (Kott and Carr "
    "1997; Dean and Pagano 2015) on the effective number of labelled clusters (Carter, Schnepel "
    "and Steigerwald 2017)",
    "t": "symmetric intervals with t quantiles on the effective number of labelled clusters "
    "(Carter, Schnepel and Steigerwald 2017)",
    "normal": "symmetric normal intervals",
    "bootstrap": "percentile intervals of a bootstrap over clusters (1,000 resamples)",
}


def as_percent(share: Share | None) -> str:
    """``31.2 % [27.0, 35.8]``, or a dash for None."""
    if share is None:
        return "–"
    return f"{100 * share.value:.1f} % [{100 * share.low:.1f}, {100 * share.high:.1f}]"


def methods_paragraph(results: PrevalenceResults) -> str:
    """What was done and found for all statements, in full sentences."""
    settings, level = results.settings, f"{100 * results.settings.level:g} %"
    drawn = (
        "drawn at random"
        if results.design == "equal"
        else "drawn with known, unequal probabilities"
    )
    unit = f"clustered by {results.unit}" if results.unit else "of independent statements"
    sentences = [
        f"A classifier labelled {results.statements:,} pairs of a statement and a target; "
        f"{results.labels:,} of them, {drawn}, were labelled by hand.",
        "Since a share of predicted labels is biased by the errors of the classifier, shares were "
        f"estimated by {_CORRECTIONS[results.design]}, with one weight for the three classes, so "
        "that shares sum to one.",
        f"Standard errors are {unit}; we report {level} {_INTERVALS[settings.method]}.",
    ]
    if results.differences:
        sentences.append(
            "Differences between groups are drawn at once from the clusters of both."
            if settings.method == "bootstrap"
            else "Intervals of differences between groups join those of the two shares (Newcombe "
            "1998; Zou and Donner 2008), with the correlation from clusters that both have."
        )
    sentences += [_found(group) for group in results.groups if not group.by]
    version = results.run.code.version
    return " ".join([*sentences, f"Estimates were made with stance {version}."])


def _found(group: GroupShares) -> str:
    parts = [
        f"{as_percent(shares.corrected)} {name} (labels alone {as_percent(shares.labelled)}; "
        f"predicted {100 * shares.naive.value:.1f} %)"
        for name, shares in group.classes.items()
        if shares.corrected is not None
    ]
    if not parts:
        return f"Toward “{group.target}” there are too few labels for an estimate."
    labels = f"{group.labels:,} labels in {group.labelled_clusters:,} clusters"
    return f"Toward “{group.target}” ({labels}) we find {', '.join(parts)}."
