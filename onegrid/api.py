"""The API of the house, version 1."""

from ninja import NinjaAPI

api = NinjaAPI(title="OneGrid", version="1")
