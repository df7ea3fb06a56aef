/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-odd-server.h"

#include <string.h>

static GBytes *
compress (gsize size)
{
  g_autoptr (GConverter) compressor =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr (GInputStream) zeros =
    g_memory_input_stream_new_from_data (g_malloc0 (size), size, g_free);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (zeros, compressor);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_assert_cmpint (g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL,
                                           NULL),
                   >, 0);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* @kept: how many bytes of it come; -1: all */
static void
answer_compressed (GIOStream *stream,
                   gsize      size,
                   gssize     kept)
{
  g_autoptr (GBytes) bytes = compress (size);
  gsize length = kept >= 0 ? (gsize) kept : g_bytes_get_size (bytes);
  g_autofree char *head =
    g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %" G_GSIZE_FORMAT
                     "\r\n\r\n",
                     length);

  hf_raw_server_write (stream, head);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), g_bytes_get_data (bytes, NULL),
                             length, NULL, NULL, NULL);
}

static const struct {
  const char *path;
  const char *answer;
} answers[] = {
  { "/repeated", "HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\nX-B: 3\r\nX-A: 4\r\n"
                 "Set-Cookie: a=1\r\nSet-Cookie: b=2; Max-Age=100\r\n"
                 "Link: </next>; rel=next\r\nContent-Length: 2\r\n\r\nok" },
  { "/latin", "HTTP/1.1 200 Gr\xc3\xbc\xc3\x9f\x65\r\nX-Latin: Gr\xfc\xdf\x65\r\n"
              "X-Utf-8: Gr\xc3\xbc\xc3\x9f\x65\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
              "Content-Length: 5\r\n\r\nGr\xfc\xdf\x65" },
  { "/http10", "HTTP/1.0 200 Old\r\n\r\nuntil the end" },
  { "/chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n" },
  { "/chunked-broken", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n" },
  { "/chunked-short", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" },
  { "/short", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot a hundred" },
  { "/bad-gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nno gzip." },
  { "/garbage", "This is no HTTP at all.\r\n\r\n" },
  { "/nothing", "" },
  { "/continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-H: 1\r\n\r\n"
                 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" },
  { "/no-content", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n" },
  { "/not-modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n" },
  { "/location-none", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n" },
  { "/location-bad", "HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n" },
  { "/challenge", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"there\"\r\n"
                  "Content-Length: 4\r\n\r\nno.\n" },
};

/* A challenge, and a challenge that is answered. */
static void
answer_digest (GIOStream *stream,
               gboolean   authorized)
{
  hf_raw_server_write (stream, authorized ? "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"
                                          : "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: "
                                            "Digest realm=\"there\", nonce=\"n\", qop=\"auth\"\r\n"
                                            "Content-Length: 4\r\n\r\nno.\n");
}

/* One answer a connection. */
static void
serve (HfRawServer *server,
       GIOStream   *stream,
       gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);
  const char *path;
  gboolean authorized;

  if (head == NULL)
    return;
  authorized = strstr (head, "\r\nAuthorization: Digest username=\"me\", realm=\"there\"") != NULL;
  strtok (head, " ");
  path = strtok (NULL, " ");
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (g_str_equal (path, answers[i].path))
      {
        hf_raw_server_write (stream, answers[i].answer);
        return;
      }
  if (g_str_equal (path, "/digest"))
    answer_digest (stream, authorized);
  else if (g_str_equal (path, "/gzip"))
    answer_compressed (stream, 100000, -1);
  else if (g_str_equal (path, "/bomb"))
    answer_compressed (stream, 20 * 1000 * 1000, -1);
  else if (g_str_equal (path, "/short-gzip"))
    answer_compressed (stream, 100000, 20);
  else if (g_str_equal (path, "/begun"))
    hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
  else if (g_str_has_prefix (path, "http://"))
    hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy");
  else if (g_str_has_suffix (path, ":443"))
    hf_raw_server_write (stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  if (g_str_equal (path, "/begun") || g_str_equal (path, "/silence"))
    hf_raw_server_wait_for_end (server, stream);
}

HfRawServer *
hf_odd_server_new (void)
{
  return hf_raw_server_new (serve, NULL);
}
