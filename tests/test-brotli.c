/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-certificates.h"
#include "hf-content-decoder-private.h"
#include "hf-gate.h"
#include "hf-raw-server.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Brotli, by libsoup's decoder: what is asked for, and what is cut off, corrupt or too large. */

static const char text[] = "a text that is long enough to be cut off, cut off, cut off, cut off";

/* The text. */
static const guint8 good[] = {
  0x1b, 0x42, 0x00, 0xf8, 0x1d, 0x09, 0x36, 0x4e, 0x76, 0x6d, 0x9e, 0xc5, 0x60, 0x19, 0x56, 0x56,
  0xd7, 0x62, 0x63, 0x69, 0x6f, 0x1a, 0xc4, 0x8c, 0x85, 0x6e, 0x1f, 0xa2, 0x88, 0x24, 0x44, 0x69,
  0x06, 0xba, 0x21, 0x48, 0x24, 0xf1, 0x9d, 0x96, 0x1e, 0x6e, 0x47, 0xe2, 0x77, 0x0d,
};

/* Ten million zeros. */
static const guint8 bomb[] = {
  0xcb, 0xff, 0xff, 0x3f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x2f,
  0xff, 0x2c, 0x31, 0xf0, 0x4f, 0x00, 0xc4, 0x61, 0x11, 0x80, 0x8e, 0x23, 0x06,
};

/* Returns: (nullable): what comes out when it is fed so many bytes at a time */
static GBytes *
decode (const guint8  *data,
        gsize          length,
        gsize          piece,
        guint64        limit,
        GError       **error)
{
  g_autoptr (HfContentDecoder) decoder = hf_content_decoder_new ("br");
  HfBuffer buffer = { .limit = limit };
  gboolean fed = TRUE;

  for (gsize i = 0; i < length && fed && !buffer.over; i += piece)
    fed = hf_content_decoder_feed (decoder, data + i, MIN (piece, length - i), &buffer, error);
  g_assert_cmpuint (buffer.allocated, <, 40 * 1000 * 1000);
  if (fed && !buffer.over && hf_content_decoder_finish (decoder, error))
    return hf_buffer_steal (&buffer, NULL);

  hf_buffer_clear (&buffer);
  return NULL;
}

static void
test_pieces (void)
{
  static const gsize pieces[] = { 1, 2, 3, 7, 45, 46, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) small = decode (good, sizeof good, pieces[i], G_MAXUINT64, &error);
      g_autoptr (GBytes) large = NULL;

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (small, NULL), g_bytes_get_size (small), text,
                       strlen (text));
      large = decode (bomb, sizeof bomb, pieces[i], G_MAXUINT64, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (large), ==, 10 * 1000 * 1000);
    }
}

/* What comes after the end is nobody's. */
static void
test_behind_the_end (void)
{
  guint8 more[sizeof good + 5] = { 0 };

  memcpy (more, good, sizeof good);
  for (gsize piece = 1; piece <= sizeof more; piece++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) decoded = decode (more, sizeof more, piece, G_MAXUINT64, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (decoded), ==, strlen (text));
    }
}

static void
test_truncated (void)
{
  for (gsize length = 1; length < sizeof good; length++)
    for (gsize piece = 1; piece <= length; piece += 9)
      {
        g_autoptr (GError) error = NULL;

        g_assert_null (decode (good, length, piece, G_MAXUINT64, &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
      }
  for (gsize length = 1; length < sizeof bomb; length++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (bomb, length, 1000, G_MAXUINT64, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
    }
}

/* Rubbish is an error or, by chance, something: never a crash, never more than the limit. */
static void
test_rubbish (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (21);
  guint n_invalid = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree guint8 *bad = g_memdup2 (good, sizeof good);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) decoded = NULL;

      bad[g_rand_int_range (random, 0, sizeof good)] ^= 1 << g_rand_int_range (random, 0, 8);
      bad[g_rand_int_range (random, 0, sizeof good)] = (guint8) g_rand_int (random);
      decoded = decode (bad, sizeof good, 5, 1000, &error);
      n_invalid += g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      if (decoded != NULL)
        g_assert_cmpuint (g_bytes_get_size (decoded), <=, 1000);
      else if (error != NULL && error->code != G_IO_ERROR_PARTIAL_INPUT)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
  g_assert_cmpuint (n_invalid, >, 5000);
}

static void
test_limit (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (bomb, sizeof bomb, 1000, 100000, &error));
  g_assert_no_error (error); /* it is over the limit */
}

typedef struct {
  const guint8 *body;
  gsize length;
} Served;

static void
answer_encoded (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  const Served *served = user_data;
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *answer = NULL;

  if (head == NULL)
    return;
  answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nConnection: close\r\n"
                            "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                            served->length);
  hf_raw_server_write (stream, answer);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), served->body, served->length,
                             NULL, NULL, NULL);
}

static void
test_from_server (void)
{
  static const struct {
    Served served;
    int code; /* of HfError; -1: none */
    const char *text;
  } cases[] = {
    { { good, sizeof good }, -1, text },
    { { good, 0 }, -1, "" },
    { { good, sizeof good - 1 }, HF_ERROR_TRUNCATED, NULL },
    { { (const guint8 *) text, sizeof text }, HF_ERROR_DECODE, NULL },
    { { bomb, sizeof bomb }, HF_ERROR_TOO_LARGE, NULL },
  };
  HfFuturesSession *session = hf_futures_session_new_with_max_workers (1);

  hf_futures_session_set_max_body_size (session, 1000 * 1000);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HfRawServer) server =
        hf_raw_server_new (answer_encoded, (gpointer) &cases[i].served);
      g_autofree char *uri = hf_raw_server_dup_uri (server, "/");
      g_autoptr (HfFuture) future = hf_futures_session_get (session, uri);
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
      g_assert_no_error (error);
      g_assert_cmpstr (decoded, ==, cases[i].text);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_assert_finalizes (session);
}

/* What a server was told that it may send. */
static char *
dup_accepted (HfTestServer *server)
{
  g_autofree char *uri = hf_test_server_dup_uri (server, "/headers");
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *headers;

  hf_request_set_tls_insecure (request, TRUE);
  future = hf_futures_session_send (session, request);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  root = hf_response_get_json (response, &error);
  g_assert_no_error (error);
  headers = json_object_get_object_member (json_node_get_object (root), "headers");
  return g_strdup (json_object_get_string_member (headers, "Accept-Encoding"));
}

static void
test_accepted (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("server");
  g_autoptr (HfTestServer) plain = hf_test_server_new ();
  g_autoptr (HfTestServer) secure = NULL;
  g_autofree char *plainly = NULL;
  g_autofree char *securely = NULL;

  g_assert_no_error (error);
  secure = hf_test_server_new_tls (certificate);
  plainly = dup_accepted (plain);
  securely = dup_accepted (secure);
  g_assert_cmpstr (plainly, ==, "gzip, deflate");
  g_assert_cmpstr (securely, ==, "gzip, deflate, br");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/brotli/pieces", test_pieces);
  g_test_add_func ("/brotli/behind-the-end", test_behind_the_end);
  g_test_add_func ("/brotli/truncated", test_truncated);
  g_test_add_func ("/brotli/rubbish", test_rubbish);
  g_test_add_func ("/brotli/limit", test_limit);
  g_test_add_func ("/brotli/from-server", test_from_server);
  g_test_add_func ("/brotli/accepted", test_accepted);
  return g_test_run ();
}
