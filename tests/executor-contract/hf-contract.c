/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-contract.h"

void
hf_contract_set_up (HfContract       *fixture,
        gconstpointer  data)
{
  fixture->kind = data;
  fixture->server = hf_test_server_new ();
  fixture->mock = hf_mock_server_new ();
  fixture->executor = fixture->kind->make (4);
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
}

static gboolean
has_no_loop_threads (gpointer data)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  gboolean found = FALSE;
  const char *task;

  while (!found && (task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", task, "comm", NULL);
      g_autofree char *name = NULL;

      found = g_file_get_contents (path, &name, NULL, NULL) && g_str_equal (name, "hf-loop\n");
    }
  return !found;
}

/* Nothing keeps a session or an executor alive when its work is done, nor a loop's thread. */
void
hf_contract_tear_down (HfContract       *fixture,
           gconstpointer  data)
{
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
  hf_test_server_free (fixture->server);
  hf_mock_server_free (fixture->mock);
  hf_assert_becomes (has_no_loop_threads, NULL);
}

/* One at a time, and the mock server. */
void
hf_contract_use_mock (HfContract *fixture)
{
  hf_assert_finalizes (fixture->session);
  hf_assert_finalizes (fixture->executor);
  fixture->executor = fixture->kind->make (1);
  fixture->session = hf_futures_session_new_with_executor (fixture->executor);
  hf_mock_server_attach (fixture->mock, fixture->session);
}

gboolean
hf_contract_is_settled (gpointer data)
{
  return hf_future_wait (data, 0, NULL);
}

/* Waits as the kind wants it. */
void
hf_contract_await (HfContract  *fixture,
       HfFuture *future)
{
  if (fixture->kind->is_here)
    hf_assert_becomes (hf_contract_is_settled, future);
  else
    g_assert_true (hf_future_wait (future, -1, NULL));
}

gboolean
hf_contract_has_arrived (gpointer data)
{
  return hf_gate_has_passed (&((HfMockServer *) data)->arrived, 1);
}

HfFuture *
hf_contract_get (HfContract    *fixture,
     const char *path)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, path);

  return hf_futures_session_get (fixture->session, uri);
}

HfResponse *
hf_contract_take_response (HfContract  *fixture,
               HfFuture *future)
{
  g_autoptr (HfFuture) taken = future;
  g_autoptr (GError) error = NULL;
  HfResponse *response;

  hf_contract_await (fixture, taken);
  response = hf_future_get_result (taken, NULL, &error);
  g_assert_no_error (error);
  return response;
}

char *
hf_contract_take_text (HfContract  *fixture,
           HfFuture *future)
{
  g_autoptr (HfResponse) response = hf_contract_take_response (fixture, future);

  return hf_response_get_text (response, NULL);
}

void
hf_contract_take_failure (HfContract  *fixture,
              HfFuture *future,
              GQuark    domain,
              int       code)
{
  g_autoptr (HfFuture) taken = future;

  hf_contract_await (fixture, taken);
  g_assert_error (hf_future_get_error (taken), domain, code);
}

gboolean
hf_contract_is_held (gpointer data)
{
  return hf_test_server_get_n_requests (((HfContract *) data)->server, "/hold/it") > 0;
}
