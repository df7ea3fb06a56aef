/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-proxy-private.h"

#include "hf-proxy-rules-private.h"

/*
 * Credentials for proxies. libsoup's authentication manager, which would see to them, is not used:
 * with a proxy that keeps answering 407 it tries 20 times, and asks the proxy for a connection to
 * itself (3.2.3).
 */

/*
 * hf_proxy_authorize:
 * @message: one that has its connection, and is about to be written
 *
 * Gives the credentials in the address of an HTTP proxy to the proxy (RFC 9110 §11.7.2), unless
 * the user has set some. What goes through a tunnel is not for the proxy.
 *
 * Returns: whether it had to
 */
gboolean
hf_proxy_authorize (SoupMessage *message)
{
  GSocketAddress *address = soup_message_get_remote_address (message);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  gboolean tunneled = soup_message_get_method (message) != SOUP_METHOD_CONNECT &&
                      g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https");
  const char *user;
  const char *password;
  g_autofree char *pair = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *basic = NULL;

  if (tunneled || !G_IS_PROXY_ADDRESS (address) ||
      !g_str_equal (g_proxy_address_get_protocol (G_PROXY_ADDRESS (address)), "http"))
    return FALSE;

  user = g_proxy_address_get_username (G_PROXY_ADDRESS (address));
  password = g_proxy_address_get_password (G_PROXY_ADDRESS (address));
  if (user == NULL || soup_message_headers_get_one (headers, "Proxy-Authorization") != NULL)
    return FALSE;

  pair = g_strconcat (user, ":", password != NULL ? password : "", NULL);
  encoded = g_base64_encode ((const guint8 *) pair, strlen (pair));
  basic = g_strconcat ("Basic ", encoded, NULL);
  soup_message_headers_replace (headers, "Proxy-Authorization", basic);
  return TRUE;
}

/* Keeps the manager from a message that it has been told of already. */
static void
keep_manager_from (SoupMessage *message,
                   SoupSession *soup)
{
  SoupSessionFeature *manager = soup_session_get_feature (soup, SOUP_TYPE_AUTH_MANAGER);

  g_signal_handlers_disconnect_by_data (message, manager);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);
}

/* For users' own messages, whose headers have just come: a proxy that refuses the credentials in
 * its address is not asked again. */
void
hf_proxy_accept_refusal (SoupMessage *message,
                         SoupSession *soup)
{
  GSocketAddress *address = soup_message_get_remote_address (message);

  if (soup_message_get_status (message) == SOUP_STATUS_PROXY_UNAUTHORIZED &&
      G_IS_PROXY_ADDRESS (address) &&
      g_proxy_address_get_username (G_PROXY_ADDRESS (address)) != NULL)
    keep_manager_from (message, soup);
}

static void
on_tunnel_starting (SoupMessage *message,
                    gpointer     user_data)
{
  hf_proxy_authorize (message);
}

static void
on_request_queued (SoupSession *soup,
                   SoupMessage *message,
                   gpointer     user_data)
{
  if (soup_message_get_method (message) != SOUP_METHOD_CONNECT)
    return;

  keep_manager_from (message, soup);
  g_signal_connect (message, "starting", G_CALLBACK (on_tunnel_starting), NULL);
}

/* Has the same done for each CONNECT that libsoup sends before a message over https. What is set
 * on that message does not reach it. */
void
hf_proxy_watch_tunnels (SoupSession *soup)
{
  g_signal_connect (soup, "request-queued", G_CALLBACK (on_request_queued), NULL);
}

/*
 * hf_proxy_is_in_use:
 * @resolver: (nullable): which proxy is used; %NULL for the system's
 * @may_block: whether this thread may wait for the resolver
 *
 * GIO does not tell that it could not reach a proxy rather than the server. So the resolver is
 * asked once more, when it is known that there is no connection.
 *
 * Returns: whether there was no way to a URI but through a proxy, as far as that can be told
 */
gboolean
hf_proxy_is_in_use (GProxyResolver *resolver,
                    GUri           *uri,
                    gboolean        may_block,
                    GCancellable   *cancellable)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) proxies = NULL;

  if (!may_block && (resolver == NULL || !hf_proxy_resolver_is_plain (resolver)))
    return FALSE;

  text = g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO);
  proxies = g_proxy_resolver_lookup (resolver != NULL ? resolver : g_proxy_resolver_get_default (),
                                     text, cancellable, NULL);
  return proxies != NULL && proxies[0] != NULL &&
         !g_strv_contains ((const char *const *) proxies, "direct://");
}
