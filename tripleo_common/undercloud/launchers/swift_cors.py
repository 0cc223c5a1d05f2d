"""A Swift filter that lets the pages of known origins use the proxy.

Swift answers a browser's questions for containers and objects by itself, and
only where its own servers answer: not for an account, and not where a filter
refuses a request or answers it. This one stands before all others. It can go
when Swift has a filter of the kind that the other services have; oslo's does
not do, because it knows headers by their whole names, and what comes after
``X-Container-Meta-`` is the caller's.
"""

MAX_AGE = "3600"
METHODS = "GET, HEAD, POST, PUT, DELETE, COPY"


def _preflight(origin, environ):
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Max-Age": MAX_AGE,
        "Content-Length": "0",
        "Vary": "Origin",
    }
    asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    if asked:
        headers["Access-Control-Allow-Headers"] = asked
    return list(headers.items())


def _shown(origin, headers):
    """Add to the headers of an answer those that show it to the page."""
    names = dict.fromkeys(name.title() for name, _ in headers)
    if "Access-Control-Allow-Origin" in names:
        # The container's own settings, which know better.
        return headers
    return [
        *headers,
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Expose-Headers", ", ".join(names)),
        ("Vary", "Origin"),
    ]


def filter_factory(global_conf, allowed_origin="", **local_conf):
    allowed = {each for each in allowed_origin.split(",") if each}

    def with_cors(app):
        def middleware(environ, start_response):
            origin = environ.get("HTTP_ORIGIN")
            if origin not in allowed:
                return app(environ, start_response)
            asks = "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
            if environ["REQUEST_METHOD"] == "OPTIONS" and asks:
                start_response("200 OK", _preflight(origin, environ))
                return [b""]

            def start(status, headers, *more):
                return start_response(status, _shown(origin, headers), *more)

            return app(environ, start)

        return middleware

    return with_cors
