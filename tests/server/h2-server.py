# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A test server that speaks HTTP/2 over TLS, well or badly as the path says.

Usage: h2-server.py CERTIFICATE.pem    (certificate and key in one file)

Listens on a free port of 127.0.0.1, prints its address and a newline, and serves until the end of
its standard input. A client that did not negotiate `h2` is answered `http/1.1`, whatever it asks.
A request is acted upon once its body is complete. At most 100 streams a connection.

Well behaved:
  /ok                     `h2 N`: this is the Nth connection (that finished its handshake)
  /bytes/N                N bytes, as flow control allows
  /echo                   the request's body, its method in `x-method`
  /hold/NAME              `held`, once somebody asked, or had asked before, for /release/NAME
  /release/NAME           `released`
  /count                  how many streams of this connection are open, this one included
  /max                    how many there were at most so far

Badly behaved towards the stream:
  /reset-before-headers   RST_STREAM (INTERNAL_ERROR) instead of an answer
  /reset-mid-body         1,000 of 100,000 bytes, then RST_STREAM (INTERNAL_ERROR)
  /refused                RST_STREAM (REFUSED_STREAM)
  /stall-headers          no answer
  /stall-mid-body         1,000 of 100,000 bytes, then silence
  /drip                   a byte every 0.2 s, for ever
  /bad-length             says 10 bytes, sends 5
  /bad-length-long        says 5 bytes, sends 10
  /huge-headers           `huge`, below 1 MiB of fields

Badly behaved towards the connection:
  /reset-goaway-mid-body  as /reset-mid-body, then GOAWAY; what else is open goes on
  /goaway-before-headers  GOAWAY (last stream 0), then an orderly end
  /close-before-headers   closes the socket, without TLS's close_notify
  /close-mid-body         1,000 of 100,000 bytes, then the same
  /ping-flood             20,000 PINGs as fast as they are taken, then `survived`
  /settings-flood         20,000 SETTINGS, the same
  /garbage                bytes that are no frames, then silence
  /bad-hpack              a header block that cannot be decoded, then silence
  /continuation-flood     HEADERS and 10,000 CONTINUATIONs that never end
  /window-overflow        twice the window and 64 KiB more at once, then the end of the body
"""

import asyncio
import collections
import logging
import ssl
import sys

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (ConnectionTerminated, DataReceived, RemoteSettingsChanged, RequestReceived,
                       StreamEnded, StreamReset, WindowUpdated)
from h2.exceptions import ProtocolError
from hpack.hpack import encode_integer
from hyperframe.frame import (ContinuationFrame, DataFrame, GoAwayFrame, HeadersFrame, PingFrame,
                              SettingsFrame)

BLOCK = b"x" * 16384  # the greatest frame that every client takes
STATUS_200 = b"\x88"  # RFC 7541, appendix A: the eighth entry of the static table
N_FLOOD = 20000
DRIP_SECONDS = 0.2


def literal(name, value):
    """A header field as RFC 7541 §6.2.2 has it: it leaves the tables of both sides alone."""
    return b"\0" + b"".join(bytes(encode_integer(len(text), 7)) + text for text in (name, value))


class Connection:
    """Carries streams. What h2 refuses to send, `write` sends."""

    def __init__(self, number, gates, reader, writer):
        self.number = number
        self.gates = gates  # by name, an event for each; shared by all connections
        self.reader = reader
        self.writer = writer
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.streams = {}  # the open ones, by identifier
        self.n_most = 0
        self.widened = asyncio.Event()

    async def run(self):
        try:
            self.h2.initiate_connection()
            self.flush()
            while data := await self.reader.read(65536):
                self.receive(data)
        except ProtocolError:
            self.flush()  # h2 has a GOAWAY ready
        except OSError:
            pass  # the client left
        finally:
            for stream in self.streams.values():
                stream.cancel()
            self.writer.close()

    def receive(self, data):
        for event in self.h2.receive_data(data):
            if isinstance(event, RequestReceived):
                self.streams[event.stream_id] = Stream(self, event.stream_id, event.headers)
                self.n_most = max(self.n_most, len(self.streams))
            elif isinstance(event, DataReceived):
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                if stream := self.streams.get(event.stream_id):
                    stream.body += event.data
            elif isinstance(event, StreamEnded):
                if stream := self.streams.get(event.stream_id):
                    stream.serve()
            elif isinstance(event, StreamReset):
                if stream := self.streams.pop(event.stream_id, None):
                    stream.cancel()
            elif isinstance(event, (WindowUpdated, RemoteSettingsChanged)):
                self.widened.set()
            elif isinstance(event, ConnectionTerminated):
                self.writer.close()
        self.flush()

    def flush(self):
        """Does not wait: a client that is flooded may be writing answers, and must be read."""
        data = self.h2.data_to_send()
        if data and not self.writer.is_closing():
            self.writer.write(data)

    async def send(self):
        await self.write(self.h2.data_to_send())

    async def write(self, data):
        if self.writer.is_closing():
            raise ConnectionResetError
        self.writer.write(data)
        await self.writer.drain()
        await asyncio.sleep(0)  # lets the others go on, and lets us hear that the client left

    async def room(self, stream_id):
        """Waits until the windows allow some data; returns how much fits in one frame."""
        while (window := self.h2.local_flow_control_window(stream_id)) <= 0:
            self.widened.clear()
            await self.widened.wait()
        return min(window, self.h2.max_outbound_frame_size)


class Stream:
    """A request, and the means to answer it."""

    def __init__(self, connection, stream_id, headers):
        self.connection = connection
        self.h2 = connection.h2
        self.id = stream_id
        self.headers = dict(headers)
        self.body = bytearray()
        self.task = None

    def serve(self):
        self.task = asyncio.create_task(self.run())

    def cancel(self):
        if self.task:
            self.task.cancel()

    async def run(self):
        path = self.headers.get(":path", "/").partition("?")[0]
        _, name, *arguments = path.split("/", 2)
        try:
            await PATHS.get(name, missing)(self, *arguments)
        except (OSError, ProtocolError):
            pass  # the connection is lost, or the stream is
        finally:
            self.connection.streams.pop(self.id, None)

    async def head(self, *fields, status="200", ended=False):
        self.h2.send_headers(self.id, [(":status", status), *fields], ended)
        await self.connection.send()

    async def data(self, data):
        while data:
            room = await self.connection.room(self.id)
            self.h2.send_data(self.id, data[:room])
            data = data[room:]
            await self.connection.send()

    async def end(self):
        self.h2.end_stream(self.id)
        await self.connection.send()

    async def answer(self, body, *fields, status="200"):
        is_head = self.headers[":method"] == "HEAD"
        await self.head(("content-length", str(len(body))), *fields, status=status, ended=is_head)
        if not is_head:
            await self.data(body)
            await self.end()

    async def begin(self):
        """The beginning of an answer that will not be completed."""
        await self.head(("content-length", "100000"))
        await self.data(BLOCK[:1000])

    async def reset(self, code=ErrorCodes.INTERNAL_ERROR):
        self.h2.reset_stream(self.id, code)
        await self.connection.send()

    async def write(self, *frames):
        await self.connection.write(b"".join(frame.serialize() for frame in frames))

    async def silence(self):
        """Holds the stream until the client resets it or leaves."""
        await asyncio.Event().wait()


PATHS = {}


def path(name):
    return lambda function: PATHS.setdefault(name, function)


async def missing(stream, *_arguments):
    await stream.answer(b"no such path", status="404")


# Well behaved

@path("ok")
async def serve_ok(stream):
    await stream.answer(b"h2 %d" % stream.connection.number)


@path("bytes")
async def serve_bytes(stream, length):
    left = int(length)
    await stream.head(("content-length", length))
    while left > 0:
        await stream.data(BLOCK[:left])
        left -= len(BLOCK)
    await stream.end()


@path("echo")
async def serve_echo(stream):
    await stream.answer(bytes(stream.body), ("x-method", stream.headers[":method"]))


@path("hold")
async def serve_hold(stream, name):
    await stream.connection.gates[name].wait()
    await stream.answer(b"held")


@path("release")
async def serve_release(stream, name):
    stream.connection.gates[name].set()
    await stream.answer(b"released")


@path("count")
async def serve_count(stream):
    await stream.answer(b"%d" % len(stream.connection.streams))


@path("max")
async def serve_max(stream):
    await stream.answer(b"%d" % stream.connection.n_most)


# Badly behaved towards the stream

@path("reset-before-headers")
async def reset_before_headers(stream):
    await stream.reset()


@path("reset-mid-body")
async def reset_mid_body(stream):
    await stream.begin()
    await stream.reset()


@path("refused")
async def refuse(stream):
    await stream.reset(ErrorCodes.REFUSED_STREAM)


@path("stall-headers")
async def stall_headers(stream):
    await stream.silence()


@path("stall-mid-body")
async def stall_mid_body(stream):
    await stream.begin()
    await stream.silence()


@path("drip")
async def drip(stream):
    await stream.head()
    while True:
        await stream.data(b"x")
        await asyncio.sleep(DRIP_SECONDS)


@path("bad-length")
async def send_too_little(stream):
    await stream.head(("content-length", "10"))
    await stream.data(b"short")
    await stream.end()


@path("bad-length-long")
async def send_too_much(stream):
    await stream.head(("content-length", "5"))
    await stream.data(b"too long, ")
    await stream.end()


@path("huge-headers")
async def send_huge_headers(stream):
    # h2 would code a mebibyte letter by letter: it only learns that there were headers.
    stream.h2.send_headers(stream.id, [(":status", "200")])
    stream.h2.clear_outbound_data_buffer()
    fields = STATUS_200 + literal(b"x-huge", BLOCK[:1024]) * 1024
    blocks = [fields[at:at + len(BLOCK)] for at in range(0, len(fields), len(BLOCK))]
    frames = [HeadersFrame(stream.id, blocks[0])]
    frames += [ContinuationFrame(stream.id, block) for block in blocks[1:]]
    frames[-1].flags.add("END_HEADERS")
    await stream.write(*frames)
    await stream.data(b"huge")
    await stream.end()


# Badly behaved towards the connection

@path("reset-goaway-mid-body")
async def reset_and_go_away_mid_body(stream):
    await stream.begin()
    await stream.reset()
    # By hand, since h2 would not go on with the other streams.
    await stream.write(GoAwayFrame(last_stream_id=stream.id, error_code=ErrorCodes.NO_ERROR))


@path("goaway-before-headers")
async def go_away_before_headers(stream):
    await stream.write(GoAwayFrame(last_stream_id=0, error_code=ErrorCodes.NO_ERROR))
    stream.connection.writer.close()


@path("close-before-headers")
async def close_before_headers(stream):
    stream.connection.writer.transport.abort()


@path("close-mid-body")
async def close_mid_body(stream):
    await stream.begin()
    stream.connection.writer.transport.abort()


async def flood(stream, frame, n_at_once=1000):
    frames = frame.serialize() * n_at_once
    for _ in range(N_FLOOD // n_at_once):
        await stream.connection.write(frames)
    await stream.answer(b"survived")


@path("ping-flood")
async def flood_with_pings(stream):
    await flood(stream, PingFrame(opaque_data=b"pingping"))


@path("settings-flood")
async def flood_with_settings(stream):
    await flood(stream, SettingsFrame(settings={SettingsFrame.MAX_CONCURRENT_STREAMS: 100}))


@path("garbage")
async def send_garbage(stream):
    await stream.connection.write(b"This is no frame.\r\n" * 100)
    await stream.silence()


@path("bad-hpack")
async def send_bad_header_block(stream):
    # An index that goes on and on (RFC 7541 §5.1).
    await stream.write(HeadersFrame(stream.id, b"\xff" * 16, flags=["END_HEADERS"]))
    await stream.silence()


@path("continuation-flood")
async def flood_with_continuations(stream):
    field = literal(b"x-flood", b"again")
    await stream.write(HeadersFrame(stream.id, STATUS_200 + field),
                       *[ContinuationFrame(stream.id, field)] * 10000)
    await stream.silence()


@path("window-overflow")
async def overflow_window(stream):
    await stream.head()
    frame = DataFrame(stream.id, BLOCK).serialize()
    window = stream.h2.local_flow_control_window(stream.id)
    for _ in range((2 * window + 65536) // len(BLOCK)):
        await stream.connection.write(frame)
    await stream.end()


# HTTP/1.1, and the beginning

async def serve_http1(reader, writer):
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"\r\ncontent-length:" in head:
            length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n"
                     b"Connection: close\r\n\r\nhttp/1.1")
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass  # the client left
    finally:
        writer.close()


async def main(certificate):
    gates = collections.defaultdict(asyncio.Event)
    n_connections = 0

    async def accept(reader, writer):
        nonlocal n_connections
        n_connections += 1
        if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            await Connection(n_connections, gates, reader, writer).run()
        else:
            await serve_http1(reader, writer)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2", "http/1.1"])
    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context)
    print(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)


if len(sys.argv) != 2:
    sys.exit(__doc__)
logging.getLogger("asyncio").setLevel(logging.ERROR)  # clients that leave are no news
asyncio.run(main(sys.argv[1]))
