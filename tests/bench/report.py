"""The page of tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Cell = str | int | float | None
Measured = dict[str, Any]


def page(results: dict[str, Any]) -> str:
    """Markdown with a section for each part that has been measured."""
    host, parts = results["machine"], results["parts"]
    lines = ["# Figures of the benchmark", ""]
    if results["quick"]:
        lines += ["**A quick run: these figures show that the benchmark runs, and nothing else.**", ""]
    lines += [
        "Written by `script/bench`. The guide stands beside a stock Rasa FAQ: DIET and ResponseSelector as `rasa init` writes",
        "them, with ResponseSelector made lighter (`LIGHTER` in `tests/bench/stock_project.py`), trained on the same content. On",
        "how many of its examples, and how long: see the table of its training. Both are real processes; load comes from the",
        "same machine.",
        "",
        f"Machine: {host['cores']} cores ({host['cpu']}), {host['memory_gb']} GB, {host['system']}, Python {host['python']}.",
        "",
    ]
    for name, (title, show) in SECTIONS.items():
        if name in parts:
            part = parts[name]
            measured = f"Measured {part['at']} with `{part['command']}`; load average before: {part['load_before']}."
            lines += [f"## {title}", "", measured, "", *show(part["measured"]), ""]
    return "\n".join(lines)


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """A Markdown table; the first column is words, the others numbers."""
    ruler = ["---"] + ["---:"] * (len(head) - 1)
    return [_line(head), _line(ruler), *(_line(row) for row in rows)]


def _line(cells: Sequence[Cell]) -> str:
    return "| " + " | ".join("–" if cell is None else str(cell) for cell in cells) + " |"


def _stock(found: Measured) -> list[str]:
    head = ["stock FAQ", "examples", "epochs of DIET", "of ResponseSelector", "training, min", "model, MB"]
    minutes = round(found["training_s"] / 60, 1)
    row = ["trained", found["examples"], found["diet_epochs"], found["epochs"], minutes, found["model_mb"]]
    return [
        *table(head, [row]),
        "",
        "More examples cost more than they can be given here. On all 42,000 an epoch of ResponseSelector takes 10 minutes as",
        "`rasa init` sets it (250 million weights) and 40 seconds made lighter, on an idle machine of two cores; after eight",
        "epochs it had learnt nothing yet. So the stock FAQ knows a part of the examples only, evenly taken over languages.",
        "`guide, same examples` is the guide with just these examples of its answers and of what it refuses, fitted on nothing",
        "else: the two stand side by side on the same. `guide` knows all of them.",
    ]


def _accuracy(found: Measured) -> list[str]:
    rows: list[list[Cell]] = []
    for group in found["systems"]["guide"]["groups"]:
        for name, system in found["systems"].items():
            row = system["groups"][group]
            shares = [_share(row[result]) for result in ("right", "wrong", "unanswered")]
            rows.append([group, name, row["questions"], *shares, row["right_among_offered"]])
    return [
        f"{found['questions']} questions of the evaluation's final half, no language told; shares with 95 % Wilson intervals.",
        "A question in scope is right when an answer that fits it was given at once; `offered` counts the unanswered ones for",
        "which a fitting answer was among the titles to choose from. A question that the content does not answer is right when",
        "no answer was given; one out of scope when it was refused as such.",
        "",
        *table(["questions", "system", "n", "right, %", "wrong, %", "unanswered, %", "offered"], rows),
    ]


def _cells(row: Measured, names: str) -> list[Cell]:
    return [row[name] for name in names.split()]


def _share(part: Measured) -> str:
    low, high = part["ci95"]
    return f"{part['share'] * 100:.1f} [{low * 100:.0f}–{high * 100:.0f}]"


def _turns(found: Measured) -> list[str]:
    one = [[name, *_cells(row, "replied p50_ms p95_ms failed lost")] for name, row in found["one_client"].items()]
    closed = [[name, *_cells(row, "turns_per_s p50_ms p95_ms failed_or_lost")] for name, row in found["closed_loop"].items()]
    opened = [_cells(row, "system rate replied p50_ms p95_ms p99_ms failed lost") for row in found["open_loop"]]
    clients = found["closed_loop"]["guide"]["clients"]
    seconds = found["open_loop"][0]["seconds"]
    return [
        "The guide through whole conversations kept in SQLite; the stock FAQ through its REST channel, tracker in memory.",
        "Failed: an error, no reply within 10 s, or a reply that says so. Lost: acknowledged without a reply, or no longer in",
        "the history. Times are of the messages that got a reply.",
        "",
        "One client, one turn at a time:",
        "",
        *table(["system", "turns", "p50, ms", "p95, ms", "failed", "lost"], one),
        "",
        f"{clients} clients, each sending as soon as it has its reply:",
        "",
        *table(["system", "turns a second (median)", "p50, ms", "p95, ms", "failed or lost"], closed),
        "",
        f"Messages at a fixed rate for {seconds:g} s, timed from when each was due:",
        "",
        *table(["system", "messages/s", "replied", "p50, ms", "p95, ms", "p99, ms", "failed", "lost"], opened),
    ]


def _memory(found: Measured) -> list[str]:
    rows = [[name, row["rss_mb"], row["pss_mb"]] for name, row in found.items() if isinstance(row, dict)]
    return [
        f"After {found['turns_before']} turns and whatever was measured before in the same run.",
        "",
        *table(["process", "Rss, MB", "Pss, MB"], rows),
    ]


def _start(found: Measured) -> list[str]:
    rows = [[name, row["median_s"], ", ".join(map(str, row["all_s"]))] for name, row in found.items()]
    return table(["system", "second start to ready, s (median)", "each"], rows)


def _index(found: Measured) -> list[str]:
    head = ["index", "vectors", "build, s", "search p50, ms", "p95, ms", "recall@10"]
    rows = [_cells(row, "index vectors build_s p50_ms p95_ms recall_at_10") for row in found["rows"]]
    hnsw = found["hnsw"]
    return [
        f"{found['dimensions']} dimensions; vectors: real examples with noise; queries: {found['queries']} real questions,",
        f"one at a time on one core; built on all cores. HNSW: {hnsw['neighbours']} neighbours, depth {hnsw['build_depth']} when",
        f"building and {hnsw['search_depth']} when searching.",
        "",
        *table(head, rows),
    ]


def _encode(found: Measured) -> list[str]:
    rows = [[name, found[name]["words"], found[name]["p50_ms"], found[name]["p95_ms"]] for name in ("short", "long")]
    return [f"Encoder: {found['encoder']}.", "", *table(["question", "words", "p50, ms", "p95, ms"], rows)]


def _widget(found: Measured) -> list[str]:
    rows = [
        [row["language"], *(row[moment][name] for moment in ("button", "all") for name in ("requests", "bytes", "code_bytes"))]
        for row in found["rows"]
    ]
    head = ["language", "button: requests", "bytes", "of it JS and CSS", "with the chat: requests", "bytes", "of it JS and CSS"]
    return [
        "Bytes of bodies as they are sent (gzip), counted by Chromium. The button: before the first press. With the chat: after",
        "it. The rest are the words of the language.",
        "",
        *table(head, rows),
    ]


def _desk(found: Measured) -> list[str]:
    told, asked = [], []
    for row in found["rows"]:
        told.append([row["database"], *_cells(row["delivery"], "replied p50_ms p95_ms p99_ms failed lost")])
        for path, page in row["pages"].items():
            asked.append([f"{row['database']}, `{path}`", *_cells(page, "replied p50_ms p95_ms failed")])
    wanted = found["wanted_p95_ms"]
    return [
        f"A database with {found['cases']} cases of all states, ages and desks. {found['conversations']} newcomers watch their",
        f"conversations over Server-Sent Events while the expert writes {found['a_second']} messages a second for",
        f"{found['seconds']:g} s, each to one of them, through the desk's own call: the time from when the call was due until",
        "the message is on the newcomer's line. Lost: stored, but not told within 10 s.",
        f"Wanted: p95 of at most {wanted['delivery']} ms.",
        "",
        *table(["database", "delivered", "p50, ms", "p95, ms", "p99, ms", "failed", "lost"], told),
        "",
        f"Pages of the desk in the same database, one call at a time. Wanted: p95 of at most {wanted['pages']} ms.",
        "",
        *table(["page", "calls", "p50, ms", "p95, ms", "failed"], asked),
    ]


def _telegram(found: Measured) -> list[str]:
    head = ["updates", "a second", "sent", "lost", "p50, ms", "p95, ms", "p99, ms"]
    rows = [_cells(row, "kind a_second sent lost p50_ms p95_ms p99_ms") for row in found["rows"]]
    return [
        "From the moment at which something is written in Telegram until the reply stands in the chat, against a Bot API server",
        "on the same machine. Emergencies are answered by rules, without Rasa: they show what the channel itself costs.",
        "",
        *table(head, rows),
    ]


def _publishing(found: Measured) -> list[str]:
    rows = [[row["what"], row["median_s"], ", ".join(map(str, row["all_s"]))] for row in found["rows"]]
    return [
        f"A folder of {found['answers']} answers with {found['examples']} examples: the real ones, cut into parts. The vectors",
        "of the real texts were known; what encoding them anew would take follows from the table of encoding. Check, fitting,",
        "twin tests, gate and writing are in the times.",
        "",
        *table(["publishing", "s (median)", "each"], rows),
        "",
        f"On one core where no command is named. `rollback`, as a command: {found['rollback_s']} s.",
        f"A snapshot: {found['snapshot_mb']} MB, beside {found['shared_mb']} MB of vectors and word counts that all share.",
    ]


def _kills(found: Measured) -> list[str]:
    head = ["kills", "acknowledged", "cases", "closed", "lost", "twice", "out of turn", "stuck"]
    rows = [_cells(found, "rounds acknowledged cases closed lost twice spoken_over stuck")]
    return [
        f"{found['newcomers']} newcomers ask for a human, answer the form and write to them; {found['experts']} experts claim,",
        "write, release and close at the desk, all over HTTP, sending again what was not acknowledged. In each round the",
        f"service is killed (SIGKILL) at a random moment and started again, in every {found['rasa_every']}th Rasa as well. Then",
        "the database is compared with what was acknowledged. Out of turn: the bot while a human owned the conversation, or",
        "the other way round.",
        "",
        *table(head, rows),
    ]


def _curation(found: Measured) -> list[str]:
    return [
        f"{found['answers']} answers with {found['examples']} examples, copied from the real ones and told apart by a number.",
        "Whole commands, from their start to their end. `--fast` leaves out what compares meanings. At the desk the files that",
        "did not change are in memory. Computing: for how long a core was busy, whatever else ran.",
        "",
        *table(
            ["", "median, s", "worst, s", "computing, s"],
            [_cells(row, "what median_s worst_s computing_s") for row in found["check"]],
        ),
    ]


SECTIONS: dict[str, tuple[str, Callable[[Measured], list[str]]]] = {
    "accuracy": ("Right, wrong, unanswered", _accuracy),
    "turns": ("Turns", _turns),
    "memory": ("Memory", _memory),
    "start": ("Start", _start),
    "stock": ("Training the stock FAQ", _stock),
    "index": ("Vector index", _index),
    "encode": ("Encoding", _encode),
    "widget": ("The widget's weight", _widget),
    "desk": ("The desk", _desk),
    "telegram": ("Telegram", _telegram),
    "curation": ("Curation", _curation),
    "publishing": ("Publishing", _publishing),
    "kills": ("Kills under a load of hand-offs", _kills),
}
