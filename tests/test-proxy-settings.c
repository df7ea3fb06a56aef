/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <string.h>

#include "hf-raw-server.h"
#include "hf-test-server.h"
#include "libhfutures.h"

/* Which proxy is used, and what is said when it cannot be reached. */

static HfProxyRules *
new_rules (const char *const *proxies,
           const char *const *ignore_hosts,
           GProxyResolver    *fallback)
{
  g_autoptr (GError) error = NULL;
  HfProxyRules *rules = hf_proxy_rules_new (proxies, ignore_hosts, fallback, &error);

  g_assert_no_error (error);
  return rules;
}

static void
assert_proxy (HfProxyRules *rules,
              const char   *uri,
              const char   *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) found = g_proxy_resolver_lookup (G_PROXY_RESOLVER (rules), uri, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (found), ==, 1);
  g_assert_cmpstr (found[0], ==, expected);
}

static void
test_rules (void)
{
  const char *const proxies[] = { "HTTP",
                                  "one:3128",
                                  "https",
                                  "https://two",
                                  "all",
                                  "socks5h://three",
                                  "http://Direct.example",
                                  "",
                                  "all://other.example",
                                  "socks4://u:p%40s@four:9",
                                  "https://v6.example",
                                  "http://[::1]:1",
                                  "http://[FE80::1]",
                                  "six:1",
                                  NULL };
  g_autoptr (HfProxyRules) rules = new_rules (proxies, NULL, NULL);

  assert_proxy (rules, "http://[fe80::1]:8080/", "http://six:1");
  assert_proxy (rules, "http://a.example/x?y", "http://one:3128");
  assert_proxy (rules, "HTTP://A.example:8080", "http://one:3128");
  assert_proxy (rules, "https://a.example", "https://two:443");
  assert_proxy (rules, "http://direct.example", "direct://");
  assert_proxy (rules, "https://DIRECT.example", "https://two:443");
  assert_proxy (rules, "https://v6.example", "http://[::1]:1");
  assert_proxy (rules, "ftp://a.example", "socks5://three:1080");
  assert_proxy (rules, "ftp://other.example", "socks4://u:p%40s@four:9");
  /* The scheme comes before the host, as it does in requests. */
  assert_proxy (rules, "http://other.example", "http://one:3128");
}

static void
test_ignore (void)
{
  const char *const proxies[] = { "all", "http://p:1", NULL };
  const char *const hosts[] = { "a.example", " .b.example ", "10.0.0.0/8", "[::1]", "c.example:81",
                                "",          "bad:port",     "[::2",       NULL };
  const char *const all[] = { "*", NULL };
  g_autoptr (HfProxyRules) rules = new_rules (proxies, hosts, NULL);
  g_autoptr (HfProxyRules) none = new_rules (proxies, all, NULL);

  assert_proxy (rules, "http://a.example", "direct://");
  assert_proxy (rules, "https://x.A.example", "direct://");
  assert_proxy (rules, "http://xa.example", "http://p:1");
  assert_proxy (rules, "http://b.example", "direct://");
  assert_proxy (rules, "http://10.1.2.3", "direct://");
  assert_proxy (rules, "http://11.1.2.3", "http://p:1");
  assert_proxy (rules, "http://[::1]:8080", "direct://");
  assert_proxy (rules, "http://c.example:81", "direct://");
  assert_proxy (rules, "http://c.example:82", "http://p:1");
  assert_proxy (none, "http://c.example:82", "direct://");
}

static void
on_looked_up (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GStrv *found = user_data;
  g_autoptr (GError) error = NULL;

  *found = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, &error);
  g_assert_no_error (error);
}

static void
assert_proxy_async (HfProxyRules *rules,
                    const char   *uri,
                    const char   *expected)
{
  g_auto (GStrv) found = NULL;

  g_proxy_resolver_lookup_async (G_PROXY_RESOLVER (rules), uri, NULL, on_looked_up, &found);
  while (found == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (found[0], ==, expected);
}

static void
test_fallback (void)
{
  const char *const proxies[] = { "https", "http://p:1", "http://no.example", "direct://", NULL };
  const char *const hosts[] = { "ignored.example", NULL };
  g_autoptr (GProxyResolver) fallback = g_simple_proxy_resolver_new ("http://system:2", NULL);
  g_autoptr (HfProxyRules) rules = new_rules (proxies, hosts, fallback);
  g_autoptr (HfProxyRules) bare = new_rules (proxies, NULL, NULL);

  assert_proxy (rules, "https://a.example", "http://p:1");
  assert_proxy (rules, "http://a.example", "http://system:2");
  assert_proxy (rules, "http://no.example", "direct://");
  assert_proxy (rules, "http://ignored.example", "direct://");
  assert_proxy (bare, "http://a.example", "direct://");
  assert_proxy_async (rules, "https://a.example", "http://p:1");
  assert_proxy_async (rules, "http://a.example", "http://system:2");
  assert_proxy_async (bare, "http://a.example", "direct://");
}

static void
test_invalid (void)
{
  const char *const wrong[] = { "ftp://a", "http://", "http://a:99999", "http://u:secret@" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const char *const proxies[] = { "http", wrong[i], NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (hf_proxy_rules_new (proxies, NULL, NULL, &error));
      g_assert_error (error, HF_ERROR, HF_ERROR_INVALID_URI);
      g_assert_null (strstr (error->message, "secret"));
    }
}

/* Answers everything with the request's first line. */
static void
serve_as_proxy (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  for (;;)
    {
      g_autofree char *head = hf_raw_server_read_head (stream);
      g_autofree char *answer = NULL;
      gsize length;

      if (head == NULL)
        return;
      length = strcspn (head, "\r");
      answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %" G_GSIZE_FORMAT
                                "\r\n\r\n%.*s",
                                length, (int) length, head);
      hf_raw_server_write (stream, answer);
    }
}

static HfResponse *
get_through (HfFuturesSession *session,
             const char       *proxy,
             const char       *uri,
             GError          **error)
{
  const char *const proxies[] = { "http", proxy, "https", proxy, NULL };
  g_autoptr (HfProxyRules) rules = new_rules (proxies, NULL, NULL);
  g_autoptr (HfRequest) request =
    hf_request_new_with_options ("GET", uri, "proxy-resolver", rules, NULL);
  g_autoptr (HfFuture) future = hf_futures_session_send (session, request);

  return hf_future_get_result (future, NULL, error);
}

/* Equal rules share a connection; others do not. */
static void
test_connections (void)
{
  g_autoptr (HfRawServer) proxy = hf_raw_server_new (serve_as_proxy, NULL);
  g_autofree char *uri = hf_raw_server_dup_uri (proxy, "");
  g_autofree char *with_user =
    g_strdup_printf ("http://u:p@127.0.0.1:%u", hf_raw_server_get_port (proxy));
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_max_workers (1);
  const char *const used[] = { uri, uri, with_user, with_user, uri };
  const guint n_accepted[] = { 1, 1, 2, 2, 2 };

  for (guint i = 0; i < G_N_ELEMENTS (used); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfResponse) response =
        get_through (session, used[i], "http://somewhere.invalid/", &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = hf_response_get_text (response, NULL);
      g_assert_cmpstr (text, ==, "GET http://somewhere.invalid/ HTTP/1.1");
      g_assert_cmpuint (hf_raw_server_get_n_accepted (proxy), ==, n_accepted[i]);
    }
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

/* A SOCKS proxy as far as it is needed: no authentication, one name (RFC 1928). */
static void
serve_as_socks (HfRawServer *server,
                GIOStream   *stream,
                gpointer     user_data)
{
  char **asked = user_data;
  GInputStream *in = g_io_stream_get_input_stream (stream);
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  guint8 data[256];
  g_autofree char *head = NULL;

  g_assert_true (g_input_stream_read_all (in, data, 2, NULL, NULL, NULL));
  g_assert_true (g_input_stream_read_all (in, data + 2, data[1], NULL, NULL, NULL));
  g_assert_true (g_output_stream_write_all (out, "\5\0", 2, NULL, NULL, NULL));
  g_assert_true (g_input_stream_read_all (in, data, 5, NULL, NULL, NULL));
  g_assert_cmpuint (data[3], ==, 3); /* a name */
  g_assert_true (g_input_stream_read_all (in, data + 5, data[4] + 2, NULL, NULL, NULL));
  *asked = g_strndup ((char *) data + 5, data[4]);
  g_assert_true (g_output_stream_write_all (out, "\5\0\0\1\177\0\0\1\0\120", 10, NULL, NULL, NULL));
  head = hf_raw_server_read_head (stream);
  g_assert_true (g_str_has_prefix (head, "GET /path HTTP/1.1\r\n"));
  hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsocks");
}

static void
test_socks (gconstpointer data)
{
  g_autofree char *asked = NULL;
  g_autoptr (HfRawServer) proxy = hf_raw_server_new (serve_as_socks, &asked);
  g_autofree char *address =
    g_strdup_printf ("%s://127.0.0.1:%u", (const char *) data, hf_raw_server_get_port (proxy));
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfResponse) response =
    get_through (session, address, "http://somewhere.invalid/path", &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = hf_response_get_text (response, NULL);
  g_assert_cmpstr (text, ==, "socks");
  g_assert_cmpstr (asked, ==, "somewhere.invalid");
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

/* The address of a port on which nobody listens. */
static char *
closed_address (const char *scheme)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  return g_strdup_printf ("%s://user:secret@127.0.0.1:%u", scheme, port);
}

static void
assert_proxy_error (HfFuturesSession *session,
                    const char       *proxy,
                    const char       *uri)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (get_through (session, proxy, uri, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_PROXY);
  g_assert_nonnull (strstr (error->message, uri));
  g_assert_null (strstr (error->message, "secret"));
}

static void
check_unreachable (HfFuturesSession *session)
{
  g_autofree char *http = closed_address ("http");
  g_autofree char *socks = closed_address ("socks5");
  g_autofree char *server = closed_address ("http");
  g_autofree char *uri = g_strconcat ("http://", strchr (server, '@') + 1, "/", NULL);
  g_autoptr (GError) error = NULL;

  assert_proxy_error (session, http, "http://somewhere.invalid/");
  assert_proxy_error (session, http, "https://somewhere.invalid/");
  assert_proxy_error (session, socks, "http://somewhere.invalid/");
  assert_proxy_error (session, "http://proxy.invalid", "http://somewhere.invalid/");

  /* Without a proxy it is the server that cannot be reached. */
  g_assert_null (get_through (session, "", uri, &error));
  g_assert_error (error, HF_ERROR, HF_ERROR_CONNECT);
}

static void
test_unreachable (void)
{
  g_autoptr (HfFuturesSession) session = hf_futures_session_new ();

  check_unreachable (session);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
}

static void
test_unreachable_loop (void)
{
  g_autoptr (HfExecutor) executor = hf_loop_executor_new (1);
  g_autoptr (HfFuturesSession) session = hf_futures_session_new_with_executor (executor);

  check_unreachable (session);
  hf_futures_session_close (session, HF_CLOSE_DRAIN);
  hf_executor_close (executor, HF_CLOSE_DRAIN);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proxy-settings/rules", test_rules);
  g_test_add_func ("/proxy-settings/ignore", test_ignore);
  g_test_add_func ("/proxy-settings/fallback", test_fallback);
  g_test_add_func ("/proxy-settings/invalid", test_invalid);
  g_test_add_func ("/proxy-settings/connections", test_connections);
  g_test_add_data_func ("/proxy-settings/socks5", "socks5", test_socks);
  g_test_add_data_func ("/proxy-settings/socks5h", "socks5h", test_socks);
  g_test_add_func ("/proxy-settings/unreachable", test_unreachable);
  g_test_add_func ("/proxy-settings/unreachable-loop", test_unreachable_loop);
  return g_test_run ();
}
