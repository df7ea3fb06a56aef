/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-upload-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "hf-gate.h"

static HfExecutor *
make_threads (void)
{
  return hf_thread_pool_executor_new (2);
}

static HfExecutor *
make_loop (void)
{
  return hf_loop_executor_new (1);
}

static HfExecutor *
make_here (void)
{
  return hf_loop_executor_new_for_context (NULL);
}

const HfUploadKind hf_upload_kinds[] = {
  { "threads", make_threads, FALSE, FALSE },
  { "loop", make_loop, FALSE, FALSE },
  { "here", make_here, TRUE, FALSE },
  { "own-session", make_here, TRUE, TRUE },
};

void
hf_upload_fixture_set_up (HfUploadFixture       *fixture,
        gconstpointer  data)
{
  int fd = g_file_open_tmp ("hf-upload-XXXXXX", &fixture->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  fixture->file = g_file_new_for_path (fixture->path);
  fixture->kind = data;
  fixture->server = hf_upload_server_new ();
  fixture->executor = fixture->kind->make ();
  if (fixture->kind->has_own_session)
    {
      g_autoptr (SoupSession) soup = soup_session_new ();

      fixture->session = g_object_new (HF_TYPE_FUTURES_SESSION, "executor", fixture->executor,
                                       "soup-session", soup, NULL);
    }
  else
    {
      fixture->session = hf_futures_session_new_with_executor (fixture->executor);
    }
}

/* Returns: (transfer full): the log, when all connections have been closed */
char *
hf_upload_fixture_leave (HfUploadFixture *fixture)
{
  hf_assert_finalizes (g_steal_pointer (&fixture->session));
  hf_assert_finalizes (g_steal_pointer (&fixture->executor));
  hf_assert_becomes (hf_upload_server_is_left, fixture->server);
  return hf_upload_server_take_log (fixture->server);
}

void
hf_upload_fixture_tear_down (HfUploadFixture *fixture,
                             gconstpointer    data)
{
  if (fixture->session != NULL)
    g_free (hf_upload_fixture_leave (fixture));
  hf_upload_server_free (fixture->server);
  g_unlink (fixture->path);
  g_free (fixture->path);
  g_object_unref (fixture->file);
}

gboolean
hf_upload_is_settled (gpointer future)
{
  return hf_future_wait (future, 0, NULL);
}

void
hf_upload_fixture_await (HfUploadFixture  *fixture,
       HfFuture *future)
{
  if (fixture->kind->is_here)
    hf_assert_becomes (hf_upload_is_settled, future);
  else
    g_assert_true (hf_future_wait (future, 60 * G_USEC_PER_SEC, NULL));
}

/* Returns: (transfer full): a future that has settled */
HfFuture *
hf_upload_fixture_send (HfUploadFixture    *fixture,
      const char *method,
      const char *path,
      HfBody     *body)
{
  g_autofree char *uri = hf_upload_server_dup_uri (fixture->server, path);
  HfFuture *future = hf_futures_session_request (fixture->session, method, uri, body);

  hf_upload_fixture_await (fixture, future);
  return future;
}

void
hf_upload_fixture_assert_sends (HfUploadFixture    *fixture,
              const char *method,
              const char *path,
              HfBody     *body,
              const char *log)
{
  g_autoptr (HfFuture) future = hf_upload_fixture_send (fixture, method, path, body);
  g_autofree char *logged = NULL;

  g_assert_no_error (hf_future_get_error (future));
  logged = hf_upload_server_take_log (fixture->server);
  g_assert_cmpstr (logged, ==, log);
}

char *
hf_upload_fixture_assert_fails (HfUploadFixture    *fixture,
              const char *method,
              const char *path,
              HfBody     *body,
              GQuark      cause_domain,
              int         cause_code)
{
  g_autoptr (HfFuture) future = hf_upload_fixture_send (fixture, method, path, body);
  g_autoptr (GError) cause = hf_future_dup_cause (future);

  g_assert_error (hf_future_get_error (future), HF_ERROR, HF_ERROR_INVALID_REQUEST);
  if (cause_domain != 0)
    g_assert_error (cause, cause_domain, cause_code);
  return g_strdup (hf_future_get_error (future)->message);
}

void
hf_upload_fixture_write_file (HfUploadFixture    *fixture,
            const char *text)
{
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

/* Each time anew. */
GInputStream *
hf_upload_open_text (gpointer   user_data,
           GError   **error)
{
  return g_memory_input_stream_new_from_data (user_data, strlen (user_data), NULL);
}

GBytes *
hf_upload_read_by_threes (guint64   offset,
                gpointer  user_data,
                GError  **error)
{
  const char *text = user_data;

  return g_bytes_new (text + offset, MIN (3, strlen (text) - offset));
}
