"""The connector's own version: part of every capture, because it says which code read the answers."""

VERSION = "0.1.0"
