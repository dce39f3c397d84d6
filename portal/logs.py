"""What the portal writes to its log, and what it never writes there.

A line says which route was asked for, by whom (a number), how it ended and how long it took. It
never holds a path, a query string, a title or a form's content: those can name an operation or a
victim. Tracebacks carry the place in the code and the kind of error, not the values that were in
play.
"""

import logging
import logging.config
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]


def without_values(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its type and the lines of code it passed through, without its
    message.

    The message of a database error quotes the row, so it may hold the very words that are
    protected.
    """
    error = event.pop("exc_info", None)
    if error:
        if isinstance(error, BaseException):
            kind, trace = type(error), error.__traceback__
        else:
            kind, _, trace = error if isinstance(error, tuple) else sys.exc_info()
        event["error"] = kind.__name__ if kind else None
        event["at"] = [
            f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)[-6:]
        ]
    return event


OURS = ("portal.", "debriefs.")


def only_the_place(_logger: Any, _method: str, event: Event) -> Event:
    """What libraries write may quote a path or a header: keep who wrote it, and the status."""
    record = event.get("_record")
    if record is not None and not record.name.startswith(OURS):
        event["event"] = record.name
        if status := getattr(record, "status_code", None):
            event["status"] = status
    return event


def configure(options: Mapping[str, bool]) -> None:
    """Send every line, ours and the libraries', through the two processors above to standard error.

    `options` is `settings.LOGGING`: `as_json` for machines to read, `quiet` for the test run.
    """
    as_json, quiet = options["as_json"], options["quiet"]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "portal": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        without_values,
                        only_the_place,
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        render,
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "portal"}},
            "root": {"handlers": ["stderr"], "level": "ERROR" if quiet else "INFO"},
            "loggers": {
                "django": {"level": "ERROR" if quiet else "WARNING"},
                # Machines keep a line of every mail; a person at a terminal sees those that failed.
                "debriefs.outbox": {"level": "INFO" if as_json else "WARNING"},
                "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            },
        }
    )
