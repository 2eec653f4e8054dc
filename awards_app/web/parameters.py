"""One rule for parameters: a name has one value. A request that gives it two is not understood (400).

What is read first can then never differ from what is checked. Lists say so here, by the room that reads them; a name
given in the address and in the body counts as given twice.
"""

from flask import Flask, abort, request

# Names that are lists wherever they are read.
ALWAYS = frozenset({"accepts", "champ", "condition_answers", "registers", "reprendre"})
# Blueprint or endpoint → the names that are lists there only, or EVERY: answers, whose form checks its own names.
EVERY = frozenset({"*"})
LISTS: dict[str, frozenset[str]] = {
    "candidacies.save_section": EVERY,
    "completions": EVERY,
    "staff_bulk": frozenset({"cle"}),
    "voting": frozenset({"candidacy"}),
    "discussion": frozenset({"seat"}),
}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def listed(endpoint: str) -> frozenset[str]:
    """Return the names that an endpoint reads as lists."""
    return ALWAYS | LISTS.get(endpoint, frozenset()) | LISTS.get(endpoint.rpartition(".")[0], frozenset())


def refuse_two_values() -> None:
    """Answer 400 when a name that is no list is given two values."""
    lists = listed(request.endpoint or "")
    if lists >= EVERY:
        return
    sent = {name: set(values) for name, values in request.args.lists()}
    if request.method == "POST" and request.mimetype in FORMS:
        for name, values in request.form.lists():
            sent[name] = sent.get(name, set()) | set(values)
    if any(len(values) > 1 and name not in lists for name, values in sent.items()):
        abort(400)
    if any(name.endswith("[]") for name in sent):
        abort(400)


def attach(app: Flask) -> None:
    """Hold every request to the rule, after the token of the form and before any route."""
    app.before_request(refuse_two_values)
