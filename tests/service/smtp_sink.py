"""A mail server for tests: takes one message on 127.0.0.1, writes it to a file and ends.

usage: smtp_sink.py PORT_FILE MESSAGE_FILE

PORT_FILE is written once it listens. It ends by itself after a minute without a message (exit code 1).
"""

import os
import socketserver
import sys


class Session(socketserver.StreamRequestHandler):
    def answer(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.answer("220 sink.example.org")
        while line := self.rfile.readline():
            verb = line.split(b" ", 1)[0].strip().upper()
            if verb == b"DATA":
                self.answer("354 go on")
                message = []
                while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
                    if not line:
                        return
                    message.append(line[1:] if line.startswith(b"..") else line)
                self.server.message = b"".join(message)
                self.answer("250 taken")
            elif verb == b"QUIT":
                self.answer("221 bye")
                return
            else:
                self.answer("250 sink.example.org" if verb in (b"EHLO", b"HELO") else "250 ok")


def main(port_file, message_file):
    with socketserver.TCPServer(("127.0.0.1", 0), Session) as server:
        server.timeout, server.message = 60, None
        with open(port_file + ".new", "w", encoding="ascii") as file:
            file.write(str(server.server_address[1]))
        os.rename(port_file + ".new", port_file)
        server.handle_request()
    if server.message is None:
        sys.exit(1)
    with open(message_file, "wb") as file:
        file.write(server.message)


main(*sys.argv[1:])
