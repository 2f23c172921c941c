"""The YAML language server that editors use, spoken to over its standard input and output."""

import json
import subprocess
import threading
import time
from pathlib import Path
from queue import Empty, Queue
from typing import Any

TIMEOUT_S = 30


class LanguageServer:
    """A running `yaml-language-server`, whose documents are checked against one schema."""

    def __init__(self, command: list[str], folder: Path, schema: Path) -> None:
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.messages: Queue[dict[str, Any]] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.folder, self.num_requests, self.num_documents = folder, 0, 0
        self.settings = {
            "yaml": {
                "schemas": {schema.as_uri(): "*.yaml"},
                "completion": True,
                "hover": True,
                "validate": True,
                "schemaStore": {"enable": False},
            }
        }
        snippets = {"completion": {"completionItem": {"snippetSupport": True}}}
        capabilities = {"textDocument": snippets, "workspace": {"configuration": True}}
        root = folder.as_uri()
        self.request("initialize", {"processId": None, "rootUri": root, "capabilities": capabilities})
        self.notify("initialized", {})
        self.notify("workspace/didChangeConfiguration", {"settings": self.settings})
        for _ in range(100):  # until it has read its settings, it knows of no schema
            if "model" in self.complete("|"):
                break
            time.sleep(0.1)

    def close(self) -> None:
        """End the server."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a message that has no answer."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: dict[str, Any]) -> Any:
        """Send a request, and wait for its answer."""
        self.num_requests += 1
        self._send({"jsonrpc": "2.0", "id": self.num_requests, "method": method, "params": params})
        return self._wait(lambda message: message.get("id") == self.num_requests and "method" not in message)["result"]

    def open(self, text: str, ending: str = ".yaml") -> str:
        """Open a document, and give its address. The settings name the schema for files that end in `.yaml`."""
        self.num_documents += 1
        uri = (self.folder / f"document{self.num_documents}{ending}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def diagnose(self, text: str, ending: str = ".yaml") -> list[tuple[str, str]]:
        """What is underlined in a document: the text under each line, and what is said of it."""
        uri, lines = self.open(text, ending), [*text.splitlines(), ""]
        told = self._wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri
            )
        )
        found = []
        for item in told["params"]["diagnostics"]:
            start, end = item["range"]["start"], item["range"]["end"]
            last = end["character"] if end["line"] == start["line"] else None
            found.append((lines[start["line"]][start["character"] : last], item["message"]))
        return found

    def complete(self, text: str) -> list[str]:
        """The labels that are offered where `|` stands."""
        return [item["label"] for item in self.complete_items(text)]

    def complete_items(self, text: str) -> list[dict[str, Any]]:
        """What is offered where `|` stands, as the server tells it."""
        before, after = text.split("|")
        uri = self.open(before + after)
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        answer = self.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})
        return answer["items"] if isinstance(answer, dict) else answer or []

    def hover(self, text: str) -> str:
        """What is shown over the character before `|`."""
        before, after = text.split("|")
        uri = self.open(before + after)
        position = {"line": before.count("\n"), "character": max(len(before.rpartition("\n")[2]) - 1, 0)}
        answer = self.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": position})
        return str(answer["contents"]["value"]) if answer else ""

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.messages.put(json.loads(stream.read(length)))

    def _wait(self, is_it: Any) -> dict[str, Any]:
        while True:
            try:
                message = self.messages.get(timeout=TIMEOUT_S)
            except Empty:
                raise TimeoutError(f"the language server said nothing for {TIMEOUT_S} s") from None
            if message.get("method") == "workspace/configuration":
                asked = [self.settings.get(item.get("section"), {}) for item in message["params"]["items"]]
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": asked})
            elif "method" in message and "id" in message:
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})
            elif is_it(message):
                return message
