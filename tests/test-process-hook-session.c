/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-gate.h"
#include "hf-raw-server.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* The session that a hook has in a worker process. */

typedef struct {
  HfTestServer *server;
  HfRawServer *proxy;
  HfExecutor *executor;
  SoupSession *soup_session;
} Fixture;

static void
answer_as_proxy (HfRawServer *server,
                 GIOStream   *stream,
                 gpointer     user_data)
{
  g_autofree char *head = hf_raw_server_read_head (stream);
  g_autofree char *answer = NULL;
  char *asked;

  if (head == NULL)
    return;
  strtok (head, " ");
  asked = strtok (NULL, " ");
  answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %u\r\n\r\n%s",
                            (guint) strlen (asked), asked);
  hf_raw_server_write (stream, answer);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const char *const direct[] = { "127.0.0.1", NULL };
  g_autofree char *uri = NULL;
  g_autoptr (GProxyResolver) resolver = NULL;

  fixture->server = hf_test_server_new ();
  fixture->proxy = hf_raw_server_new (answer_as_proxy, NULL);
  fixture->executor = hf_process_pool_executor_new (1);
  fixture->soup_session = soup_session_new ();
  uri = g_strdup_printf ("http://127.0.0.1:%u", hf_raw_server_get_port (fixture->proxy));
  resolver = g_simple_proxy_resolver_new (uri, (char **) direct);
  soup_session_set_proxy_resolver (fixture->soup_session, resolver);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  hf_assert_finalizes (fixture->executor);
  hf_raw_server_free (fixture->proxy);
  hf_test_server_free (fixture->server);
  g_object_unref (fixture->soup_session);
}

/* Sends a request whose hook asks for more. Returns: (transfer full): what that got */
static char *
ask (Fixture            *fixture,
     const char *const  *uris)
{
  g_autofree char *uri = hf_test_server_dup_uri (fixture->server, "/get");
  g_autoptr (HfRequest) request = hf_request_new ("GET", uri);
  HfFuturesSession *session = hf_futures_session_new_with_options ("executor", fixture->executor,
                                                                   "soup-session",
                                                                   fixture->soup_session, NULL);
  g_autoptr (HfFuture) future = NULL;
  g_autoptr (HfResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) text = NULL;

  hf_request_add_named_response_hook (request, HF_TEST_PLUGIN ":hook_ask_all",
                                      g_variant_new_strv (uris, -1));
  future = hf_futures_session_send (session, request);
  response = hf_future_get_result (future, NULL, &error);
  g_assert_no_error (error);
  hf_assert_finalizes (session);
  text = hf_response_dup_attached (response, "text");
  return g_variant_dup_string (text, NULL);
}

/* Each address has proxies of its own, also where several are asked for at the same time. */
static void
test_proxies (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *direct = hf_test_server_dup_uri (fixture->server, "/text");
  const char *const uris[] = { "http://one.invalid/",   direct, "http://two.invalid/", direct,
                               "http://three.invalid/", NULL };
  g_autofree char *expected = NULL;

  {
    const char *const own[] = { direct, NULL };
    g_autofree char *text = ask (fixture, own);

    expected = g_strconcat ("http://one.invalid/", text, "http://two.invalid/", text,
                            "http://three.invalid/", NULL);
  }
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *text = ask (fixture, uris);

      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_log (Fixture       *fixture,
          gconstpointer  data)
{
  const char *const uris[] = { "http://logged.invalid/", NULL };
  g_autoptr (SoupLogger) logger = soup_logger_new (SOUP_LOGGER_LOG_MINIMAL);

  if (g_test_subprocess ())
    {
      soup_session_add_feature (fixture->soup_session, SOUP_SESSION_FEATURE (logger));
      g_test_expect_message ("libhfutures", G_LOG_LEVEL_WARNING, "*printer*");
      g_free (ask (fixture, uris));
      g_test_assert_expected_messages ();
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*> GET /get HTTP/1.1\n*> GET / HTTP/1.1\n*");
  g_test_trap_assert_stderr_unmatched ("*WARNING*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/process/hook-session/proxies", Fixture, NULL, set_up, test_proxies, tear_down);
  g_test_add ("/process/hook-session/log", Fixture, NULL, set_up, test_log, tear_down);
  return g_test_run ();
}
