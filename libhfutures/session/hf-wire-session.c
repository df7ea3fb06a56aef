/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-session-private.h"

#include <stdlib.h>

#include "hf-auth-private.h"
#include "hf-futures-session-private.h"
#include "hf-process-transport-private.h"
#include "hf-wire-private.h"

/* Sessions for the hooks in worker processes: new ones that have the same settings. */

/* Those that GIO can turn into a GVariant and back. */
static const char *const plain[] = {
  "connect-timeout", "read-timeout", "deadline", "max-body-size", "max-decompression-ratio",
  "params",          "follow-redirects", "max-redirects", "raise-for-status",
};

/* Text that nobody has looked at. */
static const char *const texts[] = { "base-uri", "user-agent" };

static const GVariantType *
find_type (GType type)
{
  switch (type)
    {
    case G_TYPE_DOUBLE:
      return G_VARIANT_TYPE_DOUBLE;
    case G_TYPE_UINT64:
      return G_VARIANT_TYPE_UINT64;
    case G_TYPE_UINT:
      return G_VARIANT_TYPE_UINT32;
    case G_TYPE_BOOLEAN:
      return G_VARIANT_TYPE_BOOLEAN;
    default:
      return G_VARIANT_TYPE_BYTESTRING_ARRAY;
    }
}

static void
pack_settings (HfFuturesSession *session,
               GVariantDict     *values)
{
  g_autoptr (HfHeaders) headers = hf_futures_session_dup_headers (session);
  g_autoptr (HfAuth) auth = hf_futures_session_dup_auth (session);

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      g_autoptr (GVariant) packed = NULL;

      g_object_get_property (G_OBJECT (session), plain[i], &value);
      if (G_VALUE_HOLDS (&value, G_TYPE_STRV) && g_value_get_boxed (&value) == NULL)
        continue;
      packed = g_dbus_gvalue_to_gvariant (&value, find_type (G_VALUE_TYPE (&value)));
      g_variant_dict_insert_value (values, plain[i], packed);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = NULL;

      g_object_get (session, texts[i], &text, NULL);
      if (text != NULL)
        g_variant_dict_insert (values, texts[i], "^ay", text);
    }
  if (headers != NULL)
    {
      g_autofree char *packed = hf_wire_pack_headers (headers);

      g_variant_dict_insert (values, "headers", "s", packed);
    }
  if (auth != NULL && !hf_auth_is_func (auth))
    g_variant_dict_insert_value (values, "auth", hf_auth_pack (auth));
}

static GVariant *
pack_cookies (SoupCookieJar *jar)
{
  GVariantBuilder packed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ayayayayxbbu)"));
  GSList *cookies = soup_cookie_jar_all_cookies (jar);

  for (GSList *l = cookies; l != NULL; l = l->next)
    {
      SoupCookie *cookie = l->data;
      GDateTime *expires = soup_cookie_get_expires (cookie);

      g_variant_builder_add (&packed, "(^ay^ay^ay^ayxbbu)", soup_cookie_get_name (cookie),
                             soup_cookie_get_value (cookie), soup_cookie_get_domain (cookie),
                             soup_cookie_get_path (cookie),
                             expires != NULL ? g_date_time_to_unix (expires) : G_MININT64,
                             soup_cookie_get_secure (cookie), soup_cookie_get_http_only (cookie),
                             (guint) soup_cookie_get_same_site_policy (cookie));
    }
  g_slist_free_full (cookies, (GDestroyNotify) soup_cookie_free);
  return g_variant_builder_end (&packed);
}

static SoupCookieJar *
unpack_cookies (GVariant *packed)
{
  SoupCookieJar *jar = soup_cookie_jar_new ();
  GVariantIter iter;
  const char *name;
  const char *value;
  const char *domain;
  const char *path;
  gint64 expires;
  gboolean secure;
  gboolean http_only;
  guint policy;

  g_variant_iter_init (&iter, packed);
  while (g_variant_iter_next (&iter, "(^&ay^&ay^&ay^&ayxbbu)", &name, &value, &domain, &path,
                              &expires, &secure, &http_only, &policy))
    {
      SoupCookie *cookie = soup_cookie_new (name, value, domain, path, -1);
      g_autoptr (GDateTime) until = expires != G_MININT64 ? g_date_time_new_from_unix_utc (expires)
                                                          : NULL;

      soup_cookie_set_expires (cookie, until);
      soup_cookie_set_secure (cookie, secure);
      soup_cookie_set_http_only (cookie, http_only);
      soup_cookie_set_same_site_policy (cookie, policy);
      soup_cookie_jar_add_cookie (jar, cookie);
    }
  return jar;
}

/*
 * hf_wire_pack_session:
 *
 * Returns: (nullable): a floating variant
 */
GVariant *
hf_wire_pack_session (HfFuturesSession  *session,
                      GError           **error)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  HfTransport *transport = hf_futures_session_get_transport (session);
  SoupCookieJar *jar = hf_futures_session_get_cookie_jar (session);
  g_autoptr (HfConnectionConfig) config =
    hf_process_transport_ref_session_config (HF_PROCESS_TRANSPORT (transport));
  g_autoptr (GVariant) packed = hf_wire_pack_config (config, 0, error);

  if (packed == NULL)
    return NULL;

  pack_settings (session, &values);
  if (jar != NULL)
    {
      g_variant_dict_insert_value (&values, "cookies", pack_cookies (jar));
      g_variant_dict_insert (&values, "accept-policy", "u",
                             soup_cookie_jar_get_accept_policy (jar));
    }
  g_variant_dict_insert_value (&values, "config", packed);
  g_variant_dict_insert (&values, "own-proxies", "b", config->proxy_resolver != NULL);
  return g_variant_dict_end (&values);
}

/* @resolver: (nullable): the one that is not the system's */
static SoupSession *
make_soup_session (HfConnectionConfig *config,
                   GProxyResolver     *resolver)
{
  SoupSession *soup_session =
    soup_session_new_with_options ("local-address", config->local_address, NULL);

  if (resolver != NULL)
    soup_session_set_proxy_resolver (soup_session, resolver);
  if (config->tls_database != NULL)
    soup_session_set_tls_database (soup_session, config->tls_database);
  if (config->user_agent != NULL)
    soup_session_set_user_agent (soup_session, config->user_agent);
  if (config->accept_language != NULL)
    soup_session_set_accept_language (soup_session, config->accept_language);
  if (config->io_timeout != 0)
    soup_session_set_timeout (soup_session, config->io_timeout);
  if (!config->decodes)
    soup_session_remove_feature_by_type (soup_session, SOUP_TYPE_CONTENT_DECODER);
  return soup_session;
}

static void
unpack_settings (HfFuturesSession *session,
                 GVariant         *values)
{
  g_autoptr (GVariant) auth = g_variant_lookup_value (values, "auth", NULL);
  const char *packed_headers;

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_autoptr (GVariant) packed = g_variant_lookup_value (values, plain[i], NULL);
      g_auto (GValue) value = G_VALUE_INIT;

      if (packed == NULL)
        continue;
      g_dbus_gvariant_to_gvalue (packed, &value);
      g_object_set_property (G_OBJECT (session), plain[i], &value);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = NULL;

      if (g_variant_lookup (values, texts[i], "^ay", &text))
        g_object_set (session, texts[i], text, NULL);
    }
  if (g_variant_lookup (values, "headers", "&s", &packed_headers))
    {
      g_autoptr (HfHeaders) headers = hf_wire_unpack_headers (packed_headers);

      hf_futures_session_set_headers (session, headers);
    }
  if (auth != NULL)
    {
      g_autoptr (HfAuth) unpacked = hf_auth_unpack (auth);

      hf_futures_session_set_auth (session, unpacked);
    }
}

/* Once there is a session, which would warn otherwise, as it has done in the parent. */
static void
add_logger (SoupSession        *soup_session,
            SoupLoggerLogLevel  level)
{
  g_autoptr (SoupLogger) logger = soup_logger_new (level);

  soup_session_add_feature (soup_session, SOUP_SESSION_FEATURE (logger));
  g_object_notify (G_OBJECT (soup_session), "timeout"); /* has the features looked at again */
}

/*
 * hf_wire_unpack_session:
 * @resolver: knows the proxies of the session; those of the system are the system's in the worker
 *
 * In the worker, which trusts who sent it.
 *
 * Returns: (transfer full): a session
 */
HfFuturesSession *
hf_wire_unpack_session (GVariant       *packed,
                        GProxyResolver *resolver)
{
  g_autoptr (GVariant) packed_config =
    g_variant_lookup_value (packed, "config", G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) cookies = g_variant_lookup_value (packed, "cookies", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfConnectionConfig) config = packed_config != NULL
                                            ? hf_wire_unpack_config (packed_config, &error)
                                            : hf_connection_config_new ();
  g_autoptr (SoupSession) soup_session = NULL;
  g_autoptr (SoupCookieJar) jar = NULL;
  HfFuturesSession *session;
  guint policy = SOUP_COOKIE_JAR_ACCEPT_ALWAYS;
  gboolean own_proxies = FALSE;

  if (config == NULL)
    {
      /* A hook cannot be refused its session, and one that trusts others must not be given. */
      g_printerr ("libhfutures: %s\n", error->message);
      exit (EXIT_FAILURE);
    }

  g_variant_lookup (packed, "own-proxies", "b", &own_proxies);
  soup_session = make_soup_session (config, own_proxies ? resolver : NULL);
  if (cookies != NULL)
    jar = unpack_cookies (cookies);
  if (jar != NULL)
    {
      g_variant_lookup (packed, "accept-policy", "u", &policy);
      soup_cookie_jar_set_accept_policy (jar, policy);
      soup_session_add_feature (soup_session, SOUP_SESSION_FEATURE (jar));
    }
  session = hf_futures_session_new_for_soup_session (soup_session);
  if (config->log_level != SOUP_LOGGER_LOG_NONE)
    add_logger (soup_session, config->log_level);
  unpack_settings (session, packed);
  return session;
}
