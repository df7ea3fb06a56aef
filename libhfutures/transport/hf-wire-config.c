/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-wire-private.h"

#include <glib/gi18n-lib.h>

/*
 * How connections are to be made, for another process. Which proxies are to be used is asked when a
 * connection is made: the desktop's settings, and what a program has written for that, stay here.
 */

/* @values: (nullable): where to; %NULL: only to see whether it could be done */
static gboolean
pack_tls (HfConnectionConfig  *config,
          GVariantDict        *values,
          GError             **error)
{
  g_autoptr (GTlsDatabase) system = NULL;
  GTlsCertificate *certificate = config->tls_certificate;
  g_autofree char *anchors = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;

  hf_init_i18n ();
  if (config->tls_interaction != NULL)
    {
      g_propagate_error (error, hf_error_new_not_serializable (_("A GTlsInteraction")));
      return FALSE;
    }

  if (config->tls_database != NULL)
    system = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  if (G_IS_TLS_FILE_DATABASE (config->tls_database) && config->tls_database != system)
    g_object_get (config->tls_database, "anchors", &anchors, NULL);
  if (config->tls_database != NULL && config->tls_database != system && anchors == NULL)
    {
      g_propagate_error (error,
                         hf_error_new_not_serializable (_("A GTlsDatabase that is not a file")));
      return FALSE;
    }

  if (certificate != NULL)
    g_object_get (certificate, "certificate-pem", &pem, "private-key-pem", &key, NULL);
  if (certificate != NULL && (pem == NULL || key == NULL))
    {
      g_propagate_error (error,
                         hf_error_new_not_serializable (_("A GTlsCertificate without its key")));
      return FALSE;
    }

  if (values == NULL)
    return TRUE;

  if (anchors != NULL)
    g_variant_dict_insert (values, "tls-anchors", "^ay", anchors);
  if (certificate != NULL)
    g_variant_dict_insert (values, "tls-certificate", "(ss)", pem, key);
  return TRUE;
}

/* Whether it can go to another process. */
gboolean
hf_wire_check_config (HfConnectionConfig  *config,
                      GError             **error)
{
  if (config->remote_connectable != NULL)
    {
      hf_init_i18n ();
      g_propagate_error (error, hf_error_new_not_serializable (_("A GSocketConnectable")));
      return FALSE;
    }
  return pack_tls (config, NULL, error);
}

/*
 * hf_wire_pack_config:
 * @proxies: the number of its proxy resolver
 *
 * Returns: (transfer full) (nullable): the configuration; %NULL with @error set when some of it
 *   cannot go to another process
 */
GVariant *
hf_wire_pack_config (HfConnectionConfig  *config,
                     guint64              proxies,
                     GError             **error)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);

  if (!hf_wire_check_config (config, error) || !pack_tls (config, &values, error))
    return NULL;

  if (config->local_address != NULL)
    {
      g_autofree char *address =
        g_inet_address_to_string (g_inet_socket_address_get_address (config->local_address));

      g_variant_dict_insert (&values, "local-address", "(sq)", address,
                             g_inet_socket_address_get_port (config->local_address));
    }
  if (config->user_agent != NULL)
    g_variant_dict_insert (&values, "user-agent", "^ay", config->user_agent);
  if (config->accept_language != NULL)
    g_variant_dict_insert (&values, "accept-language", "^ay", config->accept_language);
  g_variant_dict_insert (&values, "proxies", "t", proxies);
  g_variant_dict_insert (&values, "tls-insecure", "b", config->tls_insecure);
  g_variant_dict_insert (&values, "decodes", "b", config->decodes);
  g_variant_dict_insert (&values, "io-timeout", "u", config->io_timeout);
  g_variant_dict_insert (&values, "log-level", "u", config->log_level);
  return g_variant_ref_sink (g_variant_dict_end (&values));
}

/* Settings that cannot be had here must not be left out: others would be trusted, or none shown. */
static gboolean
unpack_tls (GVariant            *packed,
            HfConnectionConfig  *config,
            GError             **error)
{
  g_autofree char *anchors = NULL;
  const char *pem;
  const char *key;

  if (g_variant_lookup (packed, "tls-anchors", "^ay", &anchors))
    {
      config->tls_database = g_tls_file_database_new (anchors, error);
      if (config->tls_database == NULL)
        return FALSE;
    }
  if (g_variant_lookup (packed, "tls-certificate", "(&s&s)", &pem, &key))
    {
      g_autofree char *both = g_strconcat (pem, key, NULL);

      config->tls_certificate = g_tls_certificate_new_from_pem (both, -1, error);
      if (config->tls_certificate == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Returns: (transfer full) (nullable): the configuration without a proxy resolver, in the worker,
 * which trusts its parent */
HfConnectionConfig *
hf_wire_unpack_config (GVariant  *packed,
                       GError   **error)
{
  g_autoptr (HfConnectionConfig) config = hf_connection_config_new ();
  const char *address;
  guint16 port;

  if (!unpack_tls (packed, config, error))
    return NULL;

  if (g_variant_lookup (packed, "local-address", "(&sq)", &address, &port))
    config->local_address =
      G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (address, port));
  g_variant_lookup (packed, "user-agent", "^ay", &config->user_agent);
  g_variant_lookup (packed, "accept-language", "^ay", &config->accept_language);
  hf_connection_config_check_fields (config);
  g_variant_lookup (packed, "tls-insecure", "b", &config->tls_insecure);
  g_variant_lookup (packed, "decodes", "b", &config->decodes);
  g_variant_lookup (packed, "io-timeout", "u", &config->io_timeout);
  g_variant_lookup (packed, "log-level", "u", &config->log_level);
  return g_steal_pointer (&config);
}
