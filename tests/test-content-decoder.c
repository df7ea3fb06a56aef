/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-content-decoder-private.h"
#include "hf-gate.h"
#include "hf-raw-server.h"
#include "libhfutures.h"

/* Content encodings: piece by piece, cut off, corrupt, and from a server. */

static GBytes *
compress (const char           *text,
          gsize                 length,
          GZlibCompressorFormat format)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (format, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, compressor);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (stream, text, length, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (stream, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* Returns: (nullable): what comes out when it is fed so many bytes at a time */
static GBytes *
decode (const char  *encoding,
        GBytes      *encoded,
        gsize        piece,
        guint64      limit,
        GError     **error)
{
  g_autoptr (HfContentDecoder) decoder = hf_content_decoder_new (encoding);
  HfBuffer buffer = { .limit = limit };
  gsize length;
  const guint8 *data = g_bytes_get_data (encoded, &length);
  gboolean fed = TRUE;

  for (gsize i = 0; i < length && fed && !buffer.over; i += piece)
    fed = hf_content_decoder_feed (decoder, data + i, MIN (piece, length - i), &buffer, error);
  if (fed && !buffer.over)
    fed = hf_content_decoder_finish (decoder, error);
  if (fed && !buffer.over)
    return hf_buffer_steal (&buffer, NULL);

  hf_buffer_clear (&buffer);
  return NULL;
}

static const struct {
  const char *encoding;
  GZlibCompressorFormat format;
} formats[] = {
  { "gzip", G_ZLIB_COMPRESSOR_FORMAT_GZIP },
  { "X-GZip", G_ZLIB_COMPRESSOR_FORMAT_GZIP },
  { "deflate", G_ZLIB_COMPRESSOR_FORMAT_ZLIB },
  { "deflate", G_ZLIB_COMPRESSOR_FORMAT_RAW },
};

static void
test_round_trip (void)
{
  static const gsize pieces[] = { 1, 2, 3, 7, 100, 16384, 1000000 };
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (guint size = 0; size < 200000; size = 3 * size + 1)
    {
      g_autofree char *text = g_malloc (size + 1);

      for (guint i = 0; i < size; i++)
        text[i] = i % 3 == 0 ? (char) g_rand_int (random) : 'x';
      for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
        {
          g_autoptr (GBytes) encoded = compress (text, size, formats[f].format);

          for (guint p = size > 1000 ? 4 : 0; p < G_N_ELEMENTS (pieces); p++)
            {
              g_autoptr (GError) error = NULL;
              g_autoptr (GBytes) decoded =
                decode (formats[f].encoding, encoded, pieces[p], G_MAXUINT64, &error);

              g_assert_no_error (error);
              g_assert_cmpmem (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded), text,
                               size);
            }
        }
    }
}

/* Encodings that were applied one after the other are undone in the other order; what is left of
 * them when one is not known, or when there are too many, is told. */
static void
test_stacked (void)
{
  static const char text[] = "a text that is long enough, long enough, long enough, long enough";
  static const char *const too_much[] = { "foo, gzip", "gzip, foo", "gzip,gzip,gzip,gzip,gzip",
                                          "identity", "" };
  g_autoptr (GBytes) once = compress (text, strlen (text), G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr (GBytes) twice = compress (g_bytes_get_data (once, NULL), g_bytes_get_size (once),
                                       G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (once, 0, g_bytes_get_size (once) - 1);
  g_autoptr (GBytes) cut_inside =
    compress (g_bytes_get_data (cut, NULL), g_bytes_get_size (cut), G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autofree char *zeros = g_malloc0 (100000000);
  g_autoptr (GBytes) zipped = compress (zeros, 100000000, G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GBytes) bomb = compress (g_bytes_get_data (zipped, NULL), g_bytes_get_size (zipped),
                                      G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GError) error = NULL;

  for (gsize piece = 1; piece < 200; piece++)
    {
      g_autoptr (GBytes) decoded =
        decode ("deflate ,identity, gzip", twice, piece, G_MAXUINT64, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded), text,
                       strlen (text));
    }
  g_assert_null (decode ("deflate, gzip", cut_inside, 10, G_MAXUINT64, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_clear_error (&error);
  g_assert_null (decode ("gzip, gzip", bomb, 16384, G_MAXUINT64, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  for (guint i = 0; i < G_N_ELEMENTS (too_much); i++)
    g_assert_null (hf_content_decoder_new (too_much[i]));
}

/* However much is missing at the end, it is noticed. */
static void
test_truncated (void)
{
  static const char text[] = "a text that is long enough to be cut off, cut off, cut off, cut off";

  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GBytes) encoded = compress (text, strlen (text), formats[f].format);

      for (gsize length = 1; length < g_bytes_get_size (encoded); length++)
        {
          g_autoptr (GBytes) part = g_bytes_new_from_bytes (encoded, 0, length);
          g_autoptr (GError) error = NULL;

          g_assert_null (decode (formats[f].encoding, part, 10, G_MAXUINT64, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
        }
    }
}

/* Rubbish is an error or, by chance, something: never a crash, never more than the limit. */
static void
test_rubbish (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (12);
  g_autoptr (GBytes) good = compress ("some text, some text", 20, G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  guint n_failed = 0;

  for (guint i = 0; i < 20000; i++)
    {
      gsize length = g_bytes_get_size (good);
      g_autofree guint8 *bad = g_memdup2 (g_bytes_get_data (good, NULL), length);
      g_autoptr (GBytes) encoded = NULL;
      g_autoptr (GBytes) decoded = NULL;
      g_autoptr (GError) error = NULL;

      bad[g_rand_int_range (random, 0, length)] ^= 1 << g_rand_int_range (random, 0, 8);
      bad[g_rand_int_range (random, 0, length)] = (guint8) g_rand_int (random);
      encoded = g_bytes_new (bad, length);
      decoded = decode (i % 2 ? "gzip" : "deflate", encoded, 5, 1000, &error);
      n_failed += decoded == NULL;
      if (decoded != NULL)
        g_assert_cmpuint (g_bytes_get_size (decoded), <=, 1000);
    }
  g_assert_cmpuint (n_failed, >, 15000);
}

static void
test_limit (void)
{
  g_autofree char *zeros = g_malloc0 (10 * 1000 * 1000);
  g_autoptr (GBytes) bomb = compress (zeros, 10 * 1000 * 1000, G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (bomb), <, 20000);
  g_assert_null (decode ("gzip", bomb, 16384, 100000, &error));
  g_assert_no_error (error); /* it is over the limit */
}

/* A gzip file is a series of members; what is none of them is not looked at. */
static void
test_members (void)
{
  static const gsize pieces[] = { 1, 2, 5, 21, 1000 };
  g_autoptr (GBytes) one = compress ("one ", 4, G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GBytes) two = compress ("two", 3, G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GBytes) encoded = NULL;

  g_byte_array_append (all, g_bytes_get_data (one, NULL), g_bytes_get_size (one));
  g_byte_array_append (all, g_bytes_get_data (two, NULL), g_bytes_get_size (two));
  g_byte_array_append (all, (const guint8 *) "padding", 7);
  encoded = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) decoded = decode ("gzip", encoded, pieces[i], G_MAXUINT64, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded), "one two", 7);
    }
}

static void
test_unknown (void)
{
  g_assert_null (hf_content_decoder_new ("compress"));
  g_assert_null (hf_content_decoder_new ("identity"));
  g_assert_null (hf_content_decoder_new ("gzip, compress"));
}

typedef struct {
  const char *encoding;
  GBytes *body;
  int n_asking; /* atomic: requests that asked for what we decode */
} Served;

static void
answer_encoded (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  Served *served = user_data;

  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);
      g_autofree char *answer = NULL;

      if (head == NULL)
        return;
      if (strstr (head, "Accept-Encoding: gzip, deflate\r\n") != NULL)
        g_atomic_int_inc (&served->n_asking);
      answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n"
                                "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                                served->encoding, g_bytes_get_size (served->body));
      hf_raw_server_write (stream, answer);
      if (!g_str_has_prefix (head, "HEAD"))
        g_output_stream_write_bytes (g_io_stream_get_output_stream (stream), served->body, NULL,
                                     NULL);
    }
}

static void
test_from_server (void)
{
  static const char text[] = "Grüße";
  g_autoptr (GBytes) gzipped = compress (text, strlen (text), G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (gzipped, 0, g_bytes_get_size (gzipped) - 3);
  g_autoptr (GBytes) rubbish = g_bytes_new_static ("no gzip", 7);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  const struct {
    const char *method;
    const char *encoding;
    GBytes *body;
    int code; /* of HfError; -1: none */
    const char *text;
  } cases[] = {
    { "GET", "gzip", gzipped, -1, text },
    { "HEAD", "gzip", gzipped, -1, "" },
    { "GET", "gzip", empty, -1, "" },
    { "GET", "gzip", cut, HF_ERROR_TRUNCATED, NULL },
    { "GET", "gzip", rubbish, HF_ERROR_DECODE, NULL },
    { "GET", "compress", rubbish, -1, "no gzip" },
  };
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Served served = { cases[i].encoding, cases[i].body, 0 };
      g_autoptr (HfRawServer) server = hf_raw_server_new (answer_encoded, &served);
      g_autofree char *uri = hf_raw_server_dup_uri (server, "/");

      for (guint again = 0; again < 2; again++)
        {
          g_autoptr (HfFuture) future =
            hf_futures_session_request (session, cases[i].method, uri, NULL);
          g_autoptr (GError) error = NULL;
          g_autoptr (HfResponse) response = hf_future_get_result (future, NULL, &error);
          g_autofree char *decoded = NULL;

          if (cases[i].code >= 0)
            {
              g_assert_error (error, HF_ERROR, cases[i].code);
              continue;
            }
          g_assert_no_error (error);
          decoded = hf_response_get_text (response, &error);
          g_assert_cmpstr (decoded, ==, cases[i].text);
          g_assert_cmpint (g_atomic_int_get (&served.n_asking), ==, (int) again + 1);
        }

      /* The connection is kept where the body was read to its end. */
      if (cases[i].code < 0)
        g_assert_cmpuint (hf_raw_server_get_n_accepted (server), ==, 1);
      hf_futures_session_close (session, HF_CLOSE_DRAIN);
      hf_assert_finalizes (session);
      session = hf_futures_session_new_with_max_workers (1);
      g_clear_pointer (&server, hf_raw_server_free);
    }
  hf_assert_finalizes (session);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/content-decoder/round-trip", test_round_trip);
  g_test_add_func ("/content-decoder/stacked", test_stacked);
  g_test_add_func ("/content-decoder/truncated", test_truncated);
  g_test_add_func ("/content-decoder/rubbish", test_rubbish);
  g_test_add_func ("/content-decoder/limit", test_limit);
  g_test_add_func ("/content-decoder/members", test_members);
  g_test_add_func ("/content-decoder/unknown", test_unknown);
  g_test_add_func ("/content-decoder/from-server", test_from_server);
  return g_test_run ();
}
