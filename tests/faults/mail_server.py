"""A mail server on loopback that behaves badly by seed, and remembers what it really took."""

import random
import socketserver
import threading
from collections import Counter
from email import message_from_bytes
from email.message import Message
from typing import Any

# refuse: a lasting no to the receiver; later: a no for now; silent, cut: after the text was taken;
# cut_before: the line breaks before any text.
FAULTS = ("refuse", "later", "silent", "cut", "cut_before")


class MailServer:
    """A context; `taken` counts what it took by Message-ID, `behaved` what it did at each call."""

    def __init__(self, *, faults: float = 0.0, seed: int = 1, always: str = "") -> None:
        self.taken: Counter[str] = Counter()
        self.mails: list[Message] = []
        self.behaved: list[str] = []
        self.chance, self.faults, self.always, self.lock = random.Random(seed), faults, always, threading.Lock()
        self.closing = threading.Event()

    def __enter__(self) -> "MailServer":
        house = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                house.treat(self)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, block_on_close = True, False

            def handle_error(self, *_line: Any) -> None:
                """A worker that was killed hangs up: that is what this is for."""

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def how(self) -> str:
        with self.lock:
            how = self.always or (self.chance.choice(FAULTS) if self.chance.random() < self.faults else "answer")
            self.behaved.append(how)
            return how

    def treat(self, line: socketserver.StreamRequestHandler) -> None:
        """One conversation of SMTP, as far as this server's mood lets it come."""
        how = self.how()
        say(line, "220 here")
        while command := line.rfile.readline().decode(errors="replace").strip():
            word = command.split()[0].upper()
            if word == "DATA" and how == "cut_before":
                return
            if word == "DATA":
                say(line, "354 go on")
                self.take(text_from(line))
                if how == "silent":
                    self.closing.wait(10)
                if how in ("silent", "cut"):
                    return
            say(line, answer_to(word, how))
            if word == "QUIT":
                return

    def take(self, text: bytes) -> None:
        mail = message_from_bytes(text)
        with self.lock:
            self.taken[str(mail["Message-ID"])] += 1
            self.mails.append(mail)


def answer_to(word: str, how: str) -> str:
    if word == "RCPT" and how in ("refuse", "later"):
        return "550 no such box" if how == "refuse" else "451 try later"
    return "221 bye" if word == "QUIT" else "250 ok"


def text_from(line: socketserver.StreamRequestHandler) -> bytes:
    lines: list[bytes] = []
    while (one := line.rfile.readline()) not in (b".\r\n", b""):
        lines.append(one[1:] if one.startswith(b"..") else one)
    return b"".join(lines)


def say(line: socketserver.StreamRequestHandler, words: str) -> None:
    line.wfile.write(words.encode() + b"\r\n")
