"""Two thousand invented statements about a rent cap, and two coders who are simulated.

python examples/rent/rent.py statements FILE          writes the statements
python examples/rent/rent.py label SHEET [SHEET ...]   fills in each coder's sheet, with mistakes
python examples/rent/rent.py settle SHEET SHEET FILE  decides what the coders disagree about
"""

from __future__ import annotations

import csv
import itertools
import random
import sys
from pathlib import Path

TARGET = "a cap on rents"
COUNT = 2000
SLIPS = {"ana": 0.05, "ben": 0.08}  # how often a coder mistakes a statement
OUTLETS = {"Harbour Post": 0.30, "Daily Ledger": 0.55, "City Courier": 0.15}  # share of critics
SPEAKERS = {
    "favor": ["Mira Oduya", "Jon Falk", "Sister Amalia", "Tariq Benn"],
    "against": ["Hugo Lindqvist", "Petra Voss", "Daan Kuiper", "Lena Sorel"],
    "neutral": ["Ines Okafor", "Paul Rehn", "Ruth Adeyemi", "Emil Hart"],
}
OPENERS = ["", "", "", "Look, ", "Let me be clear: ", "As I said in {month}, ", "Once again: "]
ENDINGS = ["", "", "", ", and everybody in {place} knows it", ", from {place} to the coast"]
MONTHS = ["March", "April", "May", "June"]
PLACES = [
    "Eastgate",
    "the old town",
    "Millbrook",
    "the docks",
    "Northfield",
    "Saint Anne",
    "Lowmoor",
]
WHO = ["a nurse", "a bus driver", "a cook", "a teacher", "a widow", "a young couple", "a student"]

FAVOR = [
    "without a cap {who} cannot live in {place} any more",
    "we need a limit on rents, and we need it before {month}",
    "a ceiling on rents keeps {who} in the street where she grew up",
    "rents in {place} rose {n} percent in a year, and only a cap will stop it",
    "the cap protects {who} from being priced out of {place}",
    "I will vote for the rent cap with both hands",
    "whoever works in {place} must be able to live there, so cap the rents",
    "we should have capped rents {n} years ago",
    "the council was right to freeze rents in {place}",
    "if {who} pays half her wage in rent, the state has to step in",
    "a home is no casino, and the cap says so",
    "the rent ceiling is the best thing this council has done for {place}",
    "landlords have had {n} good years, now it is the tenants' turn",
    "{n} families in {place} kept their homes because of the limit",
    "let us extend the cap to {place} and be done with it",
    "nobody in {place} was ruined by a fair rent",
    "the cap works: {n} evictions fewer since {month}",
    "we back the limit on rents and will defend it in court",
    "every week without a ceiling costs {who} a home",
    "our members want the cap, {n} percent of them",
    "take the cap away and {place} belongs to the funds",
    "I am proud that we put a lid on rents",
    "{who} wrote to thank me for the rent limit, and I thank her for the fight",
    "a decent city limits what a roof may cost",
]
AGAINST = [
    "a cap on rents will empty {place} of new flats",
    "we will repeal the rent cap in our first {n} days",
    "price controls have failed everywhere, and they fail in {place}",
    "no builder will lay a brick in {place} under this ceiling",
    "the cap punishes {who} who lets one room to pay for a pension",
    "freeze the rents and you freeze {place}",
    "I have sold {n} flats because of the limit, and I am not the last",
    "the rent ceiling is theft with a stamp on it",
    "we reject the cap, as we did in {month}",
    "what {place} needs is cranes, no more decrees on rents",
    "the limit helps those who already have a flat, and locks {who} out",
    "{n} permits were handed back since the ceiling, that is the result",
    "the council must drop the cap before it ruins {place}",
    "a law that forbids me to cover my repairs is a bad law",
    "you do not house {who} by scaring away those who build",
    "our association will sue against the limit on rents",
    "the cap is a gift to the rich who sit in cheap flats in {place}",
    "nobody repairs a roof in {place} for a frozen rent",
    "it was a mistake to put a lid on rents, and {n} empty houses show it",
    "vote this ceiling down",
    "rent limits made {place} a town of waiting lists",
    "the cap has to go, the sooner the better",
    "{who} cannot find a flat because the ceiling dried up the market",
    "they call it protection, I call it expropriation",
]
NEUTRAL = [
    "the council will vote on the rent cap on the {n}th",
    "the court has not said when it rules on the limit",
    "the bill on rents has {n} pages and two annexes",
    "we counted {n} flats to let in {place} in {month}",
    "the hearing about the ceiling was moved to {month}",
    "rents in {place} rose {n} percent last year",
    "the ministry will publish its figures on the cap in {month}",
    "whether the limit covers {place} is for the lawyers to say",
    "our survey on the rent ceiling asked {n} households",
    "the cap would apply to contracts signed after {month}",
    "I have read the proposal and have no view on it yet",
    "some in {place} are for the cap, others are against it",
    "the committee heard {n} witnesses on the limit",
    "the average flat in {place} has {n} square metres",
    "the draft names no date for {place}",
    "the report compares {n} cities with and without a ceiling",
    "ask me about the cap when the figures are in",
    "the vote on rents needs a majority of {n}",
    "my office will answer questions about the limit until {month}",
    "the last word on the rent cap has the upper house",
    "the register of rents in {place} opens in {month}",
    "there are arguments on both sides of the ceiling",
    "{who} asked me about the limit, and I told her how to apply",
    "the tenants' office in {place} moved to another street",
]
CORES = {"favor": FAVOR, "against": AGAINST, "neutral": NEUTRAL}


def make() -> list[dict[str, str]]:
    """The statements in order, each with the stance that it was written to have."""
    rng = random.Random(7)
    rows: list[dict[str, str]] = []
    seen: set[str] = set()
    for article in itertools.count(1):
        outlet = rng.choice(list(OUTLETS))
        critics = OUTLETS[outlet]
        date = f"2026-{rng.randint(3, 6):02}-{rng.randint(1, 28):02}"
        weights = [0.65 - critics, critics, 0.35]
        for _ in range(rng.randint(4, 12)):
            stance = rng.choices(list(CORES), weights)[0]
            parts = [rng.choice(OPENERS), rng.choice(CORES[stance]), rng.choice(ENDINGS)]
            text = "".join(parts).format(
                n=rng.randint(3, 60),
                place=rng.choice(PLACES),
                who=rng.choice(WHO),
                month=rng.choice(MONTHS),
            )
            if text in seen:
                continue
            seen.add(text)
            rows.append(
                {
                    "id": str(len(rows) + 1),
                    "article": f"rent-{article:03}",
                    "date": date,
                    "outlet": outlet,
                    "speaker": rng.choice(SPEAKERS[stance]),
                    "statement": f"{text[0].upper()}{text[1:]}.",
                    "target": TARGET,
                    "meant": stance,
                }
            )
            if len(rows) == COUNT:
                return rows
    return rows


def label(sheet: Path) -> None:
    """Fill in one sheet as its coder would; some labels are slips."""
    meant = {row["id"]: row["meant"] for row in make()}
    columns, rows = read(sheet)
    for row in rows:
        rng = random.Random(f"{row['coder']} {row['id']}")
        others = [stance for stance in CORES if stance != meant[row["id"]]]
        slip = rng.random() < SLIPS[row["coder"]]
        row["stance"] = rng.choice(others) if slip else meant[row["id"]]
    write(sheet, columns, rows)


def settle(first: Path, second: Path, output: Path) -> None:
    """A third reader, also simulated, gives what the two disagree about its right label."""
    meant = {row["id"]: row["meant"] for row in make()}
    one, other = ({row["id"]: row for row in read(sheet)[1]} for sheet in (first, second))
    both = [row for name, row in one.items() if name in other]
    disputed = [row for row in both if row["stance"] != other[row["id"]]["stance"]]
    columns = ["id", "target", "stance"]
    rows = [{**row, "stance": meant[row["id"]]} for row in disputed]
    write(output, columns, [{name: row[name] for name in columns} for row in rows])


def read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The header and the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        return list(reader.fieldnames or ()), list(reader)


def write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """Write a CSV file; columns that are not named are left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    task, *paths = sys.argv[1:]
    files = [Path(path) for path in paths]
    if task == "statements":
        made = make()
        write(files[0], [name for name in made[0] if name != "meant"], made)
    elif task == "label":
        for file in files:
            label(file)
    else:
        settle(*files)
