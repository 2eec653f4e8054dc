"""A jury in session, laid in the folder of a server, for the journeys of those who follow it in a browser."""

import json
from typing import Any

PASSWORD = "un mot de passe assez long"


def lay() -> dict[str, Any]:
    """Fill the database of this environment: a ranking that is locked, its jury present, a password for each."""
    from flask_migrate import upgrade
    from sqlalchemy import select, update

    from awards_app.adapters.clock import set_clock
    from awards_app.adapters.passwords import hash_password
    from awards_app.app import create_app
    from awards_app.database import atomic, db
    from awards_app.models.accounts import Account
    from tests.decision_world import DELIBERATION, a_locked_round, be_present
    from tests.jury_world import BEFORE

    app = create_app()
    with app.app_context():
        upgrade()
        set_clock(DELIBERATION)
        world = a_locked_round()
        be_present(world)
        with atomic() as session:
            session.execute(
                update(Account).values(password_hash=hash_password(PASSWORD), confirmed_at=BEFORE)
            )
        emails = dict(db.session.execute(select(Account.id, Account.email)).tuples().all())
        people = {name: emails[account] for name, account in world.accounts.items()}
    return {"seats": world.seats, "people": people}


if __name__ == "__main__":
    print(json.dumps(lay()))
