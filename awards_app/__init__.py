"""The platform of the Prix de l'ESS. Nothing third-party is imported here: the launcher must run on a bare Python."""


def __getattr__(name: str) -> object:
    if name == "create_app":
        from awards_app.app import create_app

        return create_app
    raise AttributeError("module 'awards_app' has no attribute " + repr(name))
