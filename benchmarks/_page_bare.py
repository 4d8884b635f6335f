"""The raw limit beside the page: bare pages with the same bytes, served from memory.

What a bare page does is the least any page can do on this machine in this browser: draw an image,
put rows into a table, change a word at a key or a move, unpack deep pixels, and after Enter ask
once and draw an image it holds.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

_IMAGE = """<!doctype html><body style="background:#000"><canvas role="img"></canvas>
<aside></aside><script>
fetch("/image.png").then((answer) => answer.blob()).then(createImageBitmap).then((bitmap) => {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "bare 1");
  [canvas.width, canvas.height] = [820, 820];
  canvas.getContext("2d").drawImage(bitmap, 0, 0, 820, 820);
  document.querySelector("canvas").replaceWith(canvas);
  addEventListener("pointermove", ({ clientX, clientY }) => {
    document.querySelector("aside").textContent = `${clientX} ${clientY}`;
  });
  addEventListener("keydown", ({ key }) => {
    if (key === "w") fetch("/deep.z").then((answer) => {
      const raw = answer.body.pipeThrough(new DecompressionStream("deflate"));
      return new Response(raw).arrayBuffer();
    }).then(() => { canvas.dataset.deep = "here"; });
    if (key === "c") document.querySelector("aside").textContent = "Confirmed";
    if (key === "q") canvas.dataset.window = "150";
    if (key === "Enter") fetch("/rows.json", { cache: "no-store" }).then(() => {
      canvas.getContext("2d").drawImage(bitmap, 0, 0, 820, 820);
      canvas.setAttribute("aria-label", "bare 2");
    });
  });
});
</script>"""

_ROWS = """<!doctype html><body><table><tbody></tbody></table><script>
fetch("/rows.json").then((answer) => answer.json()).then(({ results }) => {
  for (const { id, state } of results) {
    const row = document.querySelector("tbody").insertRow();
    for (const words of [id, state]) row.insertCell().textContent = words;
  }
});
</script>"""


@contextmanager
def bare_site(image: bytes, deep: bytes, rows: object) -> Iterator[str]:
    """Its address; ``image`` is a PNG, ``deep`` pixels packed by zlib, ``rows`` what the API gave
    for the work list."""
    files = {
        "/image": ("text/html", _IMAGE.encode()),
        "/list": ("text/html", _ROWS.encode()),
        "/image.png": ("image/png", image),
        "/deep.z": ("application/octet-stream", deep),
        "/rows.json": ("application/json", json.dumps(rows).encode()),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = files.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the output is the report."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
