"""The floor of HTTP: one room an audience, and what they all share."""

from importlib import import_module

from flask import Flask

# Each names a module with a `blueprint`; the last column says in which modes it is served.
EVERYWHERE = ("development", "demo", "testing", "production")
BLUEPRINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("awards_app.web.public.routes", EVERYWHERE),
    ("awards_app.web.public.laureate_files", EVERYWHERE),
    ("awards_app.web.public.publication_files", EVERYWHERE),
    ("awards_app.web.public.map_routes", EVERYWHERE),
    ("awards_app.web.staff.public_pages_routes", EVERYWHERE),
    ("awards_app.web.account.routes", EVERYWHERE),
    ("awards_app.web.account.own_routes", EVERYWHERE),
    ("awards_app.web.account.session_routes", EVERYWHERE),
    ("awards_app.web.staff.routes", EVERYWHERE),
    ("awards_app.web.staff.editions_routes", EVERYWHERE),
    ("awards_app.web.staff.form_routes", EVERYWHERE),
    ("awards_app.web.staff.journal_routes", EVERYWHERE),
    ("awards_app.web.staff.national_routes", EVERYWHERE),
    ("awards_app.web.staff.exports_routes", EVERYWHERE),
    ("awards_app.web.staff.roles_routes", EVERYWHERE),
    ("awards_app.web.staff.erasures_routes", EVERYWHERE),
    ("awards_app.web.staff.messages_routes", EVERYWHERE),
    ("awards_app.web.staff.mailing_routes", EVERYWHERE),
    ("awards_app.web.staff.held_routes", EVERYWHERE),
    ("awards_app.web.demo.door_routes", ("demo",)),
    ("awards_app.web.demo.mailbox_routes", ("development", "demo", "testing")),
    ("awards_app.web.staff.admissibility_routes", EVERYWHERE),
    ("awards_app.web.staff.completion_routes", EVERYWHERE),
    ("awards_app.web.staff.transfer_routes", EVERYWHERE),
    ("awards_app.web.staff.bulk_routes", EVERYWHERE),
    ("awards_app.web.staff.wording_routes", EVERYWHERE),
    ("awards_app.web.structure.routes", EVERYWHERE),
    ("awards_app.web.structure.register_routes", EVERYWHERE),
    ("awards_app.web.structure.candidacy_routes", EVERYWHERE),
    ("awards_app.web.structure.attachment_routes", EVERYWHERE),
    ("awards_app.web.structure.upload_routes", EVERYWHERE),
    ("awards_app.web.staff.attachment_routes", EVERYWHERE),
    ("awards_app.web.jury.attachment_routes", EVERYWHERE),
    ("awards_app.web.structure.filing_routes", EVERYWHERE),
    ("awards_app.web.structure.completion_routes", EVERYWHERE),
    ("awards_app.web.structure.writing_routes", EVERYWHERE),
    ("awards_app.web.structure.embargo_routes", EVERYWHERE),
    ("awards_app.web.structure.national_routes", EVERYWHERE),
    ("awards_app.web.structure.starting_routes", EVERYWHERE),
    ("awards_app.web.jury.routes", EVERYWHERE),
    ("awards_app.web.jury.file_routes", EVERYWHERE),
    ("awards_app.web.jury.offline_routes", EVERYWHERE),
    ("awards_app.web.jury.chair_routes", EVERYWHERE),
    ("awards_app.web.staff.juries_routes", EVERYWHERE),
    ("awards_app.web.staff.seats_routes", EVERYWHERE),
    ("awards_app.web.staff.interests_routes", EVERYWHERE),
    ("awards_app.web.account.pass_routes", EVERYWHERE),
    ("awards_app.web.staff.scoring_routes", EVERYWHERE),
    ("awards_app.web.staff.assignment_routes", EVERYWHERE),
    ("awards_app.web.staff.advice_routes", EVERYWHERE),
    ("awards_app.web.jury.advice_routes", EVERYWHERE),
    ("awards_app.web.public.method_routes", EVERYWHERE),
    ("awards_app.web.certificates.routes", EVERYWHERE),
    ("awards_app.web.jury.deliberation_routes", EVERYWHERE),
    ("awards_app.web.jury.voting_routes", EVERYWHERE),
    ("awards_app.web.jury.discussion_routes", EVERYWHERE),
    ("awards_app.web.jury.signature_routes", EVERYWHERE),
    ("awards_app.web.staff.signature_routes", EVERYWHERE),
    ("awards_app.web.jury.accounts_routes", EVERYWHERE),
    ("awards_app.web.structure.account_routes", EVERYWHERE),
    ("awards_app.web.staff.decisions_routes", EVERYWHERE),
    ("awards_app.web.staff.publication_routes", EVERYWHERE),
    ("awards_app.web.previews.routes", EVERYWHERE),
    ("awards_app.web.staff.laureates_told_routes", EVERYWHERE),
    ("awards_app.web.staff.certificates_routes", EVERYWHERE),
    ("awards_app.web.staff.certificate_kinds_routes", EVERYWHERE),
    ("awards_app.web.styleguide.routes", ("development", "demo", "testing")),
)


def start_web(app: Flask) -> None:
    """Attach sessions, doors, languages, headers, error pages and the audiences to ``app``."""
    for name in (
        # What answers last is attached first: it compresses what all others have finished.
        "compression",
        "moment",
        "people",
        "languages",
        "parameters",
        "forgery",
        "limits",
        "context",
        "fragments",
        "filters",
        "refused",
        "headers",
    ):
        import_module(f"awards_app.web.{name}").attach(app)
    for module, modes in BLUEPRINTS:
        if app.config["AWARDS_MODE"] in modes:
            app.register_blueprint(import_module(module).blueprint)
    if app.config.get("AWARDS_TEST_HOOKS"):
        app.register_blueprint(import_module("awards_app.web.hooks.routes").blueprint)
    import_module("awards_app.web.doors").attach(app)
