/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "hf-gate.h"
#include "hf-hanging-stream.h"
#include "hf-upload-fixture.h"

/* Bodies that are read while they are sent, on every kind of executor. */

static void
test_kinds (HfUploadFixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (HfBody) file = hf_body_new_for_file (fixture->file, NULL);
  g_autoptr (HfBody) sized =
    hf_body_new_for_stream_func (hf_upload_open_text, "a stream", NULL, 8, NULL);
  g_autoptr (HfBody) chunked =
    hf_body_new_for_stream_func (hf_upload_open_text, "a stream", NULL, -1, NULL);
  g_autoptr (HfBody) read =
    hf_body_new_for_read_func (hf_upload_read_by_threes, "abcdefg", NULL, 7, TRUE, NULL);
  g_autoptr (HfBody) read_chunked =
    hf_body_new_for_read_func (hf_upload_read_by_threes, "abcdefg", NULL, -1, TRUE, NULL);
  g_autoptr (HfBody) nothing =
    hf_body_new_for_stream_func (hf_upload_open_text, "", NULL, -1, NULL);

  hf_upload_fixture_write_file (fixture, "a file");
  for (guint i = 0; i < 3; i++)
    {
      hf_upload_fixture_assert_sends (fixture, "POST", "/ok", file, "POST /ok length 6 a file\n");
      hf_upload_fixture_assert_sends (fixture, "POST", "/ok", sized,
                                      "POST /ok length 8 a stream\n");
      hf_upload_fixture_assert_sends (fixture, "PUT", "/ok", chunked,
                                      "PUT /ok chunked 8 a stream\n");
      hf_upload_fixture_assert_sends (fixture, "PATCH", "/ok", read,
                                      "PATCH /ok length 7 abcdefg\n");
      hf_upload_fixture_assert_sends (fixture, "POST", "/ok", read_chunked,
                                      "POST /ok chunked 7 abcdefg\n");
      hf_upload_fixture_assert_sends (fixture, "POST", "/ok", nothing, "POST /ok chunked 0 \n");
    }

  hf_upload_fixture_write_file (fixture, "");
  hf_upload_fixture_assert_sends (fixture, "POST", "/ok", file, "POST /ok length 0 \n");
}

/* A file that tells no length has one all the same. */
static void
test_proc (HfUploadFixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/proc/version");
  g_autoptr (HfBody) body = hf_body_new_for_file (file, NULL);
  g_autoptr (HfFuture) future = hf_upload_fixture_send (fixture, "POST", "/ok", body);
  g_autofree char *log = hf_upload_server_take_log (fixture->server);

  g_assert_no_error (hf_future_get_error (future));
  g_assert_nonnull (strstr (log, "POST /ok chunked "));
  g_assert_nonnull (strstr (log, "Linux version"));
}

/* Of any length, also about that of what is read at a time. */
static void
test_lengths (HfUploadFixture       *fixture,
              gconstpointer  data)
{
  const gsize lengths[] = { 1, 8192, 65535, 65536, 65537, 131072, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *text = g_malloc (lengths[i] + 1);
      g_autofree char *checksum = NULL;
      g_autofree char *logged = NULL;
      g_autofree char *wanted = NULL;
      g_autoptr (HfBody) body = hf_body_new_for_file (fixture->file, NULL);
      g_autoptr (HfFuture) future = NULL;

      for (gsize j = 0; j < lengths[i]; j++)
        text[j] = 'a' + (j / 7) % 26;
      text[lengths[i]] = '\0';
      hf_upload_fixture_write_file (fixture, text);
      future = hf_upload_fixture_send (fixture, "POST", "/ok", body);
      g_assert_no_error (hf_future_get_error (future));
      g_assert_cmpuint (hf_future_get_bytes_sent (future), ==, lengths[i]);
      logged = hf_upload_server_take_log (fixture->server);
      checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
      wanted = g_strdup_printf ("POST /ok length %" G_GSIZE_FORMAT " %s\n", lengths[i],
                                lengths[i] > 1024 ? checksum : text);
      g_assert_cmpstr (logged, ==, wanted);
    }
}

static void
test_once (HfUploadFixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GInputStream) stream = hf_upload_open_text ("once", NULL);
  g_autoptr (HfBody) body = hf_body_new_for_stream (stream, 4, NULL);
  g_autofree char *message = NULL;
  g_autofree char *log = NULL;

  hf_upload_fixture_assert_sends (fixture, "POST", "/ok", body, "POST /ok length 4 once\n");
  g_assert_true (g_input_stream_is_closed (stream));
  message =
    hf_upload_fixture_assert_fails (fixture, "POST", "/ok", body, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_nonnull (strstr (message, "can be read only once"));
  log = hf_upload_server_take_log (fixture->server);
  g_assert_cmpstr (log, ==, "");
}

static void
test_content_length (HfUploadFixture       *fixture,
                     gconstpointer  data)
{
  const char *values[] = { "6", "5", "7" };

  hf_upload_fixture_write_file (fixture, "a file");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/ok");
      g_autoptr (HfRequest) request = hf_request_new ("POST", uri);
      g_autoptr (HfBody) body = hf_body_new_for_file (fixture->file, "a/b");
      g_autoptr (HfFuture) future = NULL;

      hf_request_set_body (request, body);
      hf_request_set_header (request, "Content-Length", values[i]);
      future = hf_futures_session_send (fixture->session, request);
      hf_upload_fixture_await (fixture, future);
      if (i == 0)
        g_assert_no_error (hf_future_get_error (future));
      else
        g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
    }
}

static void
test_redirects (HfUploadFixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (HfBody) file = hf_body_new_for_file (fixture->file, NULL);
  g_autoptr (HfBody) chunked =
    hf_body_new_for_stream_func (hf_upload_open_text, "stream", NULL, -1, NULL);
  g_autofree char *message = NULL;
  g_autofree char *log = NULL;

  hf_upload_fixture_write_file (fixture, "a file");
  hf_upload_fixture_assert_sends (fixture, "PUT", "/temporary", file,
                                  "PUT /temporary length 6 a file\nPUT /ok length 6 a file\n");
  hf_upload_fixture_assert_sends (fixture, "POST", "/temporary", chunked,
                                  "POST /temporary chunked 6 stream\nPOST /ok chunked 6 stream\n");
  hf_upload_fixture_assert_sends (fixture, "POST", "/see-other", chunked,
                                  "POST /see-other chunked 6 stream\nGET /ok none 0 \n");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GInputStream) stream = hf_upload_open_text ("once", NULL);
      g_autoptr (HfBody) once = hf_body_new_for_stream (stream, 4, NULL);

      if (i == 0)
        message = hf_upload_fixture_assert_fails (fixture, "POST", "/temporary", once, 0, 0);
      else
        hf_upload_fixture_assert_sends (fixture, "POST", "/see-other", once,
                                        "POST /temporary length 4 once\n"
                                        "POST /see-other length 4 once\nGET /ok none 0 \n");
    }
  g_assert_nonnull (strstr (message, "cannot be sent a second time"));
}

static void
test_credentials (HfUploadFixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (HfAuth) auth = hf_auth_new_for_digest ("u", "p");
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/digest");

  hf_upload_fixture_write_file (fixture, "a file");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (HfRequest) request = hf_request_new ("POST", uri);
      g_autoptr (GInputStream) stream = hf_upload_open_text ("once", NULL);
      g_autoptr (HfBody) body = i == 0 ? hf_body_new_for_stream (stream, 4, NULL)
                                       : hf_body_new_for_file (fixture->file, NULL);
      g_autoptr (HfFuture) future = NULL;
      g_autoptr (HfResponse) response = NULL;

      hf_request_set_auth (request, auth);
      hf_request_set_body (request, body);
      future = hf_futures_session_send (fixture->session, request);
      hf_upload_fixture_await (fixture, future);
      response = hf_future_get_result (future, NULL, NULL);
      g_assert_cmpuint (hf_response_get_status (response), ==, i == 0 ? 401 : 200);
    }
}

/* A kept connection that the server closes at that moment. */
static void
test_restart (HfUploadFixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfBody) file = hf_body_new_for_file (fixture->file, NULL);
  g_autoptr (HfBody) chunked =
    hf_body_new_for_stream_func (hf_upload_open_text, "stream", NULL, -1, NULL);
  g_autoptr (GInputStream) stream = hf_upload_open_text ("once", NULL);
  g_autoptr (HfBody) once = hf_body_new_for_stream (stream, 4, NULL);
  g_autofree char *message = NULL;

  hf_upload_fixture_write_file (fixture, "a file");
  if (fixture->kind->has_own_session)
    {
      /* It makes a connection for each of these. */
      for (guint i = 0; i < 2; i++)
        hf_upload_fixture_assert_sends (fixture, "PUT", "/drop", file,
                                        "PUT /drop length 6 a file\n");
      return;
    }

  hf_upload_fixture_assert_sends (fixture, "PUT", "/drop", file, "PUT /drop length 6 a file\n");
  hf_upload_fixture_assert_sends (fixture, "PUT", "/drop", file,
                                  "PUT /drop length 6 a file\nPUT /drop length 6 a file\n");
  hf_upload_fixture_assert_sends (fixture, "PUT", "/drop", chunked,
                                  "PUT /drop chunked 6 stream\nPUT /drop chunked 6 stream\n");
  message =
    hf_upload_fixture_assert_fails (fixture, "PUT", "/drop", once, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_nonnull (strstr (message, "can be read only once"));
}

static void
test_progress (HfUploadFixture       *fixture,
               gconstpointer  data)
{
  HfGate reached = HF_GATE_INIT;
  HfGate closed = HF_GATE_INIT;
  g_autoptr (GInputStream) stream = hf_hanging_stream_new (&reached, &closed);
  g_autoptr (HfBody) body = hf_body_new_for_stream (stream, 100, NULL);
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, "/ok");
  g_autoptr (HfFuture) future = hf_futures_session_post (fixture->session, uri, body);
  g_autoptr (HfFuture) done = NULL;
  g_autoptr (HfBody) text = hf_body_new_for_text ("0123456789", NULL);

  hf_assert_passes (&reached, 1); /* so the first five bytes are on their way */
  g_assert_cmpuint (hf_future_get_bytes_sent (future), ==, 5);
  g_assert_cmpint (hf_future_get_bytes_total (future), ==, 100);
  g_assert_cmpfloat (hf_future_get_fraction (future), ==, 0.05);
  hf_future_cancel (future);
  hf_assert_passes (&closed, 1);

  done = hf_upload_fixture_send (fixture, "POST", "/ok", text);
  g_assert_cmpuint (hf_future_get_bytes_sent (done), ==, 10);
  g_assert_cmpint (hf_future_get_bytes_total (done), ==, 2); /* that of the response by now */
  g_assert_cmpfloat (hf_future_get_fraction (done), ==, 1.0);
}

/* What a user gives sees no context of the library's. */
static GBytes *
check_context (guint64   offset,
               gpointer  user_data,
               GError  **error)
{
  GMainContext *context = g_main_context_get_thread_default ();

  if (context != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "a context");
  return NULL;
}

static void
test_context (HfUploadFixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (HfBody) body = hf_body_new_for_read_func (check_context, NULL, NULL, -1, TRUE, NULL);

  hf_upload_fixture_assert_sends (fixture, "PUT", "/ok", body, "PUT /ok chunked 0 \n");
}

static guint64
peak_memory_kib (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmHWM:");
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10); /* after spaces */
}

/* In a process of its own, which counts what arrives. */
static void
test_memory_alone (gconstpointer data)
{
  const gboolean slow = g_getenv ("HF_TEST_SLOW") != NULL;
  const guint64 size = slow ? 32 * 1024 * 1024 : 1024 * 1024 * 1024;
  HfUploadFixture fixture = { 0 };
  g_autoptr (HfBody) body = NULL;
  g_autoptr (HfFuture) first = NULL;
  g_autoptr (HfFuture) second = NULL;
  guint64 before;
  int fd;

  hf_upload_fixture_set_up (&fixture, data);
  body = hf_body_new_for_file (fixture.file, NULL);
  hf_upload_fixture_write_file (&fixture, "small");
  first = hf_upload_fixture_send (&fixture, "PUT", "/ok", body);
  g_assert_no_error (hf_future_get_error (first));
  before = peak_memory_kib ();

  fd = g_open (fixture.path, O_WRONLY, 0);
  g_assert_cmpint (ftruncate (fd, size), ==, 0);
  close (fd);
  second = hf_upload_fixture_send (&fixture, "PUT", "/ok", body);
  g_assert_no_error (hf_future_get_error (second));
  g_assert_cmpuint (hf_upload_server_get_n_received (fixture.server), ==, size + 5);
  g_assert_cmpuint (hf_future_get_bytes_sent (second), ==, size);
  if (!slow)
    g_assert_cmpuint (peak_memory_kib () - before, <=, 16 * 1024);
  hf_upload_fixture_tear_down (&fixture, data);
}

static void
test_memory (gconstpointer data)
{
  const HfUploadKind *kind = data;
  g_autofree char *path = g_strdup_printf ("/upload/%s/memory/subprocess", kind->name);

  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static const struct {
  const char *name;
  void (*test) (HfUploadFixture       *fixture,
                gconstpointer  data);
} tests[] = {
  { "kinds", test_kinds },
  { "proc", test_proc },
  { "lengths", test_lengths },
  { "once", test_once },
  { "content-length", test_content_length },
  { "redirects", test_redirects },
  { "credentials", test_credentials },
  { "restart", test_restart },
  { "progress", test_progress },
  { "context", test_context },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (hf_upload_kinds); i++)
    {
      g_autofree char *memory = g_strdup_printf ("/upload/%s/memory", hf_upload_kinds[i].name);
      g_autofree char *alone = g_strdup_printf ("%s/subprocess", memory);

      for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
        {
          g_autofree char *path =
            g_strdup_printf ("/upload/%s/%s", hf_upload_kinds[i].name, tests[j].name);

          g_test_add (path, HfUploadFixture, &hf_upload_kinds[i], hf_upload_fixture_set_up,
                      tests[j].test, hf_upload_fixture_tear_down);
        }
      g_test_add_data_func (memory, &hf_upload_kinds[i], test_memory);
      g_test_add_data_func (alone, &hf_upload_kinds[i], test_memory_alone);
    }
  return g_test_run ();
}
