# group: connectors
"""Raises what is no Exception."""


class Escape(BaseException):
    pass


raise Escape
