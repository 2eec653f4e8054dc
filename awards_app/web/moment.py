"""The instant of a request, for routes, which know no adapter."""

from awards_app.adapters.clock import now as the_now

__all__ = ["the_now"]
