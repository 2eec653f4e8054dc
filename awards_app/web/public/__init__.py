"""What anybody may read: the prize, its calendar, the regions, the honours, open data and the legal pages."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)
