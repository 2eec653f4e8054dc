"""Rules for what is sent: a body is a form, JSON or a piece of a file; texts are UTF-8; a name has one value.

Another request is not understood (400).

What is read first can then never differ from what is checked. Lists say so here, by the room that reads them; a name
given in the address and in the body counts as given twice.
"""

from urllib.parse import unquote_to_bytes

from flask import Flask, abort, current_app, request

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
    "candidate_accounts": frozenset({"seen", "shared"}),
}
PIECE = "application/offset+octet-stream"
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


def refuse_other_bodies() -> None:
    """Answer 400 for a body that is neither a form, JSON nor a piece of a file, and for parts without a boundary."""
    if not request.content_length or request.method in ("GET", "HEAD"):
        return
    if request.mimetype not in (*FORMS, PIECE) and not request.is_json:
        abort(400)
    if request.mimetype == FORMS[1] and not request.mimetype_params.get("boundary"):
        abort(400)


def refuse_broken_texts() -> None:
    """Answer 400 when the query or a form holds what is no UTF-8: lone surrogates, overlong or cut signs."""
    sent = request.query_string
    few = (request.content_length or 0) <= current_app.config["MAX_FORM_MEMORY_SIZE"]
    if request.method == "POST" and request.mimetype == FORMS[0] and few:
        sent += b"&" + request.get_data(cache=True)
    try:
        unquote_to_bytes(sent).decode()
    except UnicodeDecodeError:
        abort(400)


def attach(app: Flask) -> None:
    """Hold every request to the rules, before anything of its form is read."""
    app.before_request(refuse_other_bodies)
    app.before_request(refuse_broken_texts)
    app.before_request(refuse_two_values)
