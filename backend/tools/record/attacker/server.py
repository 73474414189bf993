"""The attacker's web server: hands out the files beside it, and takes what is uploaded."""

from __future__ import annotations

from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class Handler(SimpleHTTPRequestHandler):
    """Adds PUT, whose body is counted and thrown away."""

    def do_PUT(self) -> None:
        left = int(self.headers.get("Content-Length", "0"))
        while left > 0:
            left -= len(self.rfile.read(min(left, 1 << 20))) or left
        self.send_response(201)
        self.end_headers()


ThreadingHTTPServer(("", 80), Handler).serve_forever()
