/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-connection-config-private.h"

#include "hf-proxy-rules-private.h"
#include "hf-validate-private.h"

#define SOUP_DEFAULT_TIMEOUT 60 /* in effect in libsoup, whatever its documentation says */

HfConnectionConfig *
hf_connection_config_ref (HfConnectionConfig *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_connection_config_unref (HfConnectionConfig *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->proxy_resolver);
  g_clear_object (&self->tls_database);
  g_clear_object (&self->tls_interaction);
  g_clear_object (&self->tls_certificate);
  g_clear_object (&self->local_address);
  g_clear_object (&self->remote_connectable);
  g_free (self->user_agent);
  g_free (self->accept_language);
  g_free (self);
}

/* Returns: (transfer full): one with all defaults, to be filled before others have it */
HfConnectionConfig *
hf_connection_config_new (void)
{
  HfConnectionConfig *self = g_new0 (HfConnectionConfig, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

/* Finds out whether its fields can be sent; libsoup would send them as they are. */
void
hf_connection_config_check_fields (HfConnectionConfig *self)
{
  if (self->user_agent != NULL && !hf_is_field_value (self->user_agent))
    self->invalid_field = "User-Agent";
  if (self->accept_language != NULL && !hf_is_field_value (self->accept_language))
    self->invalid_field = "Accept-Language";
}

/*
 * hf_connection_config_new_for:
 * @supplied: whether a user made the session, so that nothing in it is known to be a default
 *
 * Reads a SoupSession's properties, in the thread that owns it.
 *
 * A TLS database or proxy resolver is only asked for when there may be one: asking for libsoup's
 * default loads all certificates of the system.
 */
HfConnectionConfig *
hf_connection_config_new_for (SoupSession *soup_session,
                              gboolean     supplied)
{
  HfConnectionConfig *self = hf_connection_config_new ();
  SoupSessionFeature *logger = soup_session_get_feature (soup_session, SOUP_TYPE_LOGGER);
  guint timeout = soup_session_get_timeout (soup_session);

  if (supplied)
    {
      g_set_object (&self->proxy_resolver, soup_session_get_proxy_resolver (soup_session));
      g_set_object (&self->tls_database, soup_session_get_tls_database (soup_session));
      g_set_object (&self->local_address, soup_session_get_local_address (soup_session));
      g_set_object (&self->remote_connectable, soup_session_get_remote_connectable (soup_session));
    }
  g_set_object (&self->tls_interaction, soup_session_get_tls_interaction (soup_session));
  self->user_agent = g_strdup (soup_session_get_user_agent (soup_session));
  self->accept_language = g_strdup (soup_session_get_accept_language (soup_session));
  hf_connection_config_check_fields (self);
  self->io_timeout = timeout == SOUP_DEFAULT_TIMEOUT ? 0 : timeout;
  self->decodes = soup_session_has_feature (soup_session, SOUP_TYPE_CONTENT_DECODER);
  if (logger != NULL)
    g_object_get (logger, "level", &self->log_level, NULL);
  return self;
}

static HfConnectionConfig *
connection_config_copy (HfConnectionConfig *self)
{
  HfConnectionConfig *copy = hf_connection_config_new ();

  g_set_object (&copy->proxy_resolver, self->proxy_resolver);
  g_set_object (&copy->tls_database, self->tls_database);
  g_set_object (&copy->tls_interaction, self->tls_interaction);
  g_set_object (&copy->tls_certificate, self->tls_certificate);
  copy->tls_insecure = self->tls_insecure;
  copy->http2 = self->http2;
  g_set_object (&copy->local_address, self->local_address);
  g_set_object (&copy->remote_connectable, self->remote_connectable);
  copy->user_agent = g_strdup (self->user_agent);
  copy->accept_language = g_strdup (self->accept_language);
  copy->invalid_field = self->invalid_field;
  copy->io_timeout = self->io_timeout;
  copy->decodes = self->decodes;
  copy->log_level = self->log_level;
  return copy;
}

/* Returns: (transfer full): the configuration with what the request wants otherwise */
HfConnectionConfig *
hf_connection_config_for_request (HfConnectionConfig *self,
                                  HfRequestData      *request,
                                  gboolean            http2)
{
  HfConnectionConfig *own;

  if (request->proxy_resolver == NULL && request->tls_database == NULL &&
      request->tls_certificate == NULL && !request->tls_insecure && !http2)
    return hf_connection_config_ref (self);

  own = connection_config_copy (self);
  if (request->proxy_resolver != NULL)
    g_set_object (&own->proxy_resolver, request->proxy_resolver);
  if (request->tls_database != NULL)
    g_set_object (&own->tls_database, request->tls_database);
  if (request->tls_certificate != NULL)
    g_set_object (&own->tls_certificate, request->tls_certificate);
  own->tls_insecure |= request->tls_insecure;
  own->http2 = http2;
  return own;
}

/* Whether a connection that was made under one may serve a request under the other. */
gboolean
hf_connection_config_equal (HfConnectionConfig *self,
                            HfConnectionConfig *other)
{
  return self == other ||
         (hf_proxy_resolver_equal (self->proxy_resolver, other->proxy_resolver) &&
          self->tls_database == other->tls_database &&
          self->tls_interaction == other->tls_interaction &&
          self->tls_certificate == other->tls_certificate &&
          self->tls_insecure == other->tls_insecure && self->http2 == other->http2 &&
          self->local_address == other->local_address &&
          self->remote_connectable == other->remote_connectable &&
          self->log_level == other->log_level);
}

static gboolean
feature_is_carried (GType type)
{
  return g_type_is_a (type, SOUP_TYPE_COOKIE_JAR) || type == SOUP_TYPE_AUTH_MANAGER ||
         type == SOUP_TYPE_CONTENT_DECODER || type == SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER;
}

static void
list_lost_features (SoupSession  *soup_session,
                    GType         type,
                    gboolean      strict,
                    GStrvBuilder *lost)
{
  g_autofree GType *children = g_type_children (type, NULL);

  for (guint i = 0; children[i] != G_TYPE_INVALID; i++)
    {
      SoupSessionFeature *feature = soup_session_get_feature (soup_session, children[i]);

      /* Only the type itself: a subtype has its own turn. */
      if (feature != NULL && G_OBJECT_TYPE (feature) == children[i] &&
          !feature_is_carried (children[i]))
        {
          if (children[i] == SOUP_TYPE_LOGGER && strict)
            g_strv_builder_add (lost, "SoupLogger’s printer and filters");
          else if (children[i] != SOUP_TYPE_LOGGER)
            g_strv_builder_add (lost, g_type_name (children[i]));
        }
      list_lost_features (soup_session, children[i], strict, lost);
    }
}

/*
 * hf_connection_config_list_lost:
 * @strict: whether a logger counts, of which only its level can be carried over
 *
 * No API lists the features of a SoupSession, so all types that could be one are asked for. Every
 * one is a GObject type that implements the interface somewhere below GObject.
 *
 * Returns: (transfer full) (nullable): what of a session cannot be carried over, for a warning
 */
char *
hf_connection_config_list_lost (SoupSession *soup_session,
                                gboolean     strict)
{
  g_autoptr (GStrvBuilder) lost = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  list_lost_features (soup_session, G_TYPE_OBJECT, strict, lost);
  names = g_strv_builder_end (lost);
  return names[0] != NULL ? g_strjoinv (", ", names) : NULL;
}
