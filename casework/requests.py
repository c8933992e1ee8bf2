"""The id of the web request an act came from, for the log; empty for timers and replay."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
