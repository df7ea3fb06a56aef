/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "hf-certificates.h"
#include "hf-gate.h"
#include "hf-hanging-stream.h"
#include "hf-upload-fixture.h"

/* Bodies that cannot be sent, or not to the end: never a cut one, and never one left open. */

static GInputStream *
fail_to_open (gpointer   user_data,
              GError   **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED, "not mounted");
  return NULL;
}

static GInputStream *
open_nothing (gpointer   user_data,
              GError   **error)
{
  return NULL;
}

static GBytes *
fail_to_read (guint64   offset,
              gpointer  user_data,
              GError  **error)
{
  if (offset == 0)
    return g_bytes_new_static ("begin", 5);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED, "not mounted");
  return NULL;
}

/* What cannot be opened reaches no server. */
static void
test_unopened (HfUploadFixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GFile) missing = g_file_new_for_path ("/no/such/file");
  g_autoptr (GFile) folder = g_file_new_for_path ("/");
  HfBody *bodies[] = {
    hf_body_new_for_file (missing, NULL),
    hf_body_new_for_file (folder, NULL),
    hf_body_new_for_stream_func (fail_to_open, NULL, NULL, 7, NULL),
    hf_body_new_for_stream_func (open_nothing, NULL, NULL, 7, NULL),
  };
  const int codes[] = { G_IO_ERROR_NOT_FOUND, G_IO_ERROR_IS_DIRECTORY, G_IO_ERROR_NOT_MOUNTED,
                        G_IO_ERROR_FAILED };
  g_autofree char *log = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *message = hf_upload_fixture_assert_fails (fixture, "PUT", "/ok?secret",
                                                                 bodies[i], G_IO_ERROR, codes[i]);

      g_assert_nonnull (strstr (message, "/ok” could not be sent: "));
    }
  log = hf_upload_server_take_log (fixture->server);
  g_assert_cmpstr (log, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_object_unref (bodies[i]);
}

static const struct {
  const char *text;
  gint64 length;
  int code;
} wrong_lengths[] = {
  { "short", 6, G_IO_ERROR_PARTIAL_INPUT },
  { "", 1, G_IO_ERROR_PARTIAL_INPUT },
  { "long", 3, G_IO_ERROR_MESSAGE_TOO_LARGE },
  { "something", 0, G_IO_ERROR_MESSAGE_TOO_LARGE },
};

/* Also on a connection that was used before, where libsoup would begin anew. */
static void
test_wrong_length (HfUploadFixture       *fixture,
                   gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_lengths) * 2; i++)
    {
      gpointer text = (gpointer) wrong_lengths[i / 2].text;
      g_autoptr (GInputStream) stream = hf_upload_open_text (text, NULL);
      g_autoptr (HfBody) body =
        i % 2 ? hf_body_new_for_stream (stream, wrong_lengths[i / 2].length, NULL)
              : hf_body_new_for_read_func (hf_upload_read_by_threes, text, NULL,
                                           wrong_lengths[i / 2].length, TRUE, NULL);
      g_autofree char *message = NULL;
      g_autofree char *log = NULL;
      g_autoptr (HfFuture) before = hf_upload_fixture_send (fixture, "GET", "/ok", NULL);

      g_assert_no_error (hf_future_get_error (before));
      message = hf_upload_fixture_assert_fails (fixture, "PUT", "/ok", body, G_IO_ERROR,
                                                wrong_lengths[i / 2].code);
      g_assert_true (i % 2 == 0 || g_input_stream_is_closed (stream));
    }
}

static void
test_failing_read (HfUploadFixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (HfBody) body = hf_body_new_for_read_func (fail_to_read, NULL, NULL, 100, TRUE, NULL);
  g_autoptr (HfBody) chunked = hf_body_new_for_read_func (fail_to_read, NULL, NULL, -1, TRUE, NULL);
  g_autoptr (HfFuture) before = hf_upload_fixture_send (fixture, "GET", "/ok", NULL);

  g_assert_no_error (hf_future_get_error (before));
  g_free (hf_upload_fixture_assert_fails (fixture, "PUT", "/ok", body, G_IO_ERROR,
                                          G_IO_ERROR_NOT_MOUNTED));
  g_free (hf_upload_fixture_assert_fails (fixture, "POST", "/ok", chunked, G_IO_ERROR,
                                          G_IO_ERROR_NOT_MOUNTED));
}

/* Changes a file that has been opened, and whose turn it is next. */
typedef struct {
  const char *path;
  int length; /* to which it is cut or grows */
} Changing;

static GBytes *
change_file (guint64   offset,
             gpointer  user_data,
             GError  **error)
{
  const Changing *changing = user_data;

  g_assert_cmpint (truncate (changing->path, changing->length), ==, 0);
  return NULL;
}

static void
test_changing_file (HfUploadFixture *fixture,
                    gconstpointer    data)
{
  const int lengths[] = { 1000001, 999999 };
  const int codes[] = { G_IO_ERROR_MESSAGE_TOO_LARGE, G_IO_ERROR_PARTIAL_INPUT };

  for (guint i = 0; i < 4; i++)
    {
      Changing changing = { fixture->path, lengths[i / 2] };
      g_autoptr (HfBody) change =
        hf_body_new_for_read_func (change_file, &changing, NULL, i % 2 ? 0 : -1, TRUE, NULL);
      g_autoptr (HfMultipart) form = hf_multipart_new ();
      g_autoptr (HfBody) body = NULL;

      g_assert_cmpint (truncate (fixture->path, 1000000), ==, 0);
      hf_multipart_append_body (form, "change", change, NULL);
      hf_multipart_append_file (form, "file", fixture->file, NULL, NULL);
      body = hf_body_new_for_multipart (form);
      g_free (hf_upload_fixture_assert_fails (fixture, "PUT", "/ok", body, G_IO_ERROR,
                                              codes[i / 2]));
    }
}

/* A body that takes its time, with a request that is given up. */
static void
test_cancel (HfUploadFixture       *fixture,
             gconstpointer  data)
{
  const gboolean slow = g_getenv ("HF_TEST_SLOW") != NULL;
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/ok");

  for (guint i = 0; i < 3; i++)
    {
      HfGate reached = HF_GATE_INIT;
      HfGate closed = HF_GATE_INIT;
      g_autoptr (GInputStream) stream = hf_hanging_stream_new (&reached, &closed);
      g_autoptr (HfBody) body = hf_body_new_for_stream (stream, i == 1 ? 100 : -1, NULL);
      g_autoptr (HfRequest) request = hf_request_new ("PUT", uri);
      g_autoptr (HfFuture) future = NULL;

      hf_request_set_body (request, body);
      if (i == 2)
        {
          hf_request_set_deadline (request, slow ? 6 : 0.4);
          hf_request_set_read_timeout (request, slow ? 2 : 0.1); /* of the server, not the body */
        }
      future = hf_futures_session_send (fixture->session, request);
      hf_assert_passes (&reached, 1);
      if (i < 2)
        hf_future_cancel (future);
      hf_upload_fixture_await (fixture, future);
      if (i < 2)
        g_assert_error (hf_future_get_error (future), G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_TIMEOUT_DEADLINE);
      hf_assert_passes (&closed, 1);
      g_assert_true (hf_gate_has_passed (&closed, 1) && !hf_gate_has_passed (&closed, 2));
    }
}

/* Under TLS, too, and on a connection that was used before. */
static void
test_tls (HfUploadFixture *fixture,
          gconstpointer    data)
{
  g_autoptr (GTlsCertificate) certificate = hf_load_certificate ("server");
  g_autoptr (HfUploadServer) server = hf_upload_server_new_tls (certificate);
  g_autofree char *uri = hf_upload_server_dup_uri (server, "/ok");
  g_autoptr (HfBody) good =
    hf_body_new_for_read_func (hf_upload_read_by_threes, "good", NULL, -1, TRUE, NULL);
  g_autoptr (HfBody) bad = hf_body_new_for_read_func (fail_to_read, NULL, NULL, -1, TRUE, NULL);
  HfBody *bodies[] = { good, bad, good, bad };
  g_autofree char *log = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("POST", uri);
      g_autoptr (HfFuture) future = NULL;

      hf_request_set_tls_insecure (request, TRUE);
      hf_request_set_body (request, bodies[i]);
      future = hf_futures_session_send (fixture->session, request);
      hf_upload_fixture_await (fixture, future);
      if (bodies[i] == good)
        g_assert_no_error (hf_future_get_error (future));
      else
        g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
    }

  g_free (hf_upload_fixture_leave (fixture));
  hf_assert_becomes (hf_upload_server_is_left, server);
  log = hf_upload_server_take_log (server);
  g_assert_cmpstr (log, ==,
                   "POST /ok chunked 4 good\nPOST /ok chunked 5 CUT begin\n"
                   "POST /ok chunked 4 good\nPOST /ok chunked 5 CUT begin\n");
}

/* However it failed, no server takes what it got for the whole. */
static void
check_and_tear_down (HfUploadFixture *fixture,
                     gconstpointer    data)
{
  g_autofree char *log = fixture->session != NULL ? hf_upload_fixture_leave (fixture)
                                                  : g_strdup ("");
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_true (*lines[i] == '\0' || g_str_has_prefix (lines[i], "GET ") ||
                   strstr (lines[i], " CUT ") != NULL);
  hf_upload_fixture_tear_down (fixture, data);
}

static const struct {
  const char *name;
  void (*test) (HfUploadFixture       *fixture,
                gconstpointer  data);
} tests[] = {
  { "unopened", test_unopened },
  { "wrong-length", test_wrong_length },
  { "failing-read", test_failing_read },
  { "changing-file", test_changing_file },
  { "cancel", test_cancel },
  { "tls", test_tls },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (hf_upload_kinds); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
        {
          g_autofree char *path =
            g_strdup_printf ("/upload-failures/%s/%s", hf_upload_kinds[i].name, tests[j].name);

          g_test_add (path, HfUploadFixture, &hf_upload_kinds[i], hf_upload_fixture_set_up,
                      tests[j].test, check_and_tear_down);
        }
    }
  return g_test_run ();
}
