/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-shard-private.h"

#include "hf-clock-private.h"
#include "hf-proxy-private.h"
#include "hf-tls-interaction-private.h"
#include "hf-validate-private.h"

/* Above anything that one user at a time needs, or a loop has in flight, so that libsoup never has
 * it wait for a connection: that wait can be neither cancelled nor timed out. */
#define MAX_CONNECTIONS 64

#define MAX_ORIGINS 16

static void
origin_clear (gpointer data)
{
  HfShardOrigin *origin = data;

  g_uri_unref (origin->uri);
}

/* Makes a shard for threads. */
HfShard *
hf_shard_new (HfConnectionConfig *config)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  return hf_shard_new_in (config, context);
}

/* Makes a shard in a loop's context, on its thread. */
HfShard *
hf_shard_new_in (HfConnectionConfig *config,
                 GMainContext       *context)
{
  HfShard *self = g_new0 (HfShard, 1);
  g_autoptr (GTlsInteraction) interaction = NULL;

  self->context = g_main_context_ref (context);
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->origins = g_array_new (FALSE, FALSE, sizeof (HfShardOrigin));
  g_array_set_clear_func (self->origins, origin_clear);
  self->link.data = self;

  g_main_context_push_thread_default (self->context);
  /* clang-format off */
  self->soup = soup_session_new_with_options ("max-conns", MAX_CONNECTIONS,
                                              "max-conns-per-host", MAX_CONNECTIONS,
                                              "timeout", 0,
                                              "idle-timeout", 0,
                                              "local-address", config->local_address,
                                              "remote-connectable", config->remote_connectable,
                                              NULL);
  /* clang-format on */
  /* A digest challenge with domain="http:" crashes the process (CVE-2025-4476;
   * there in 3.2.3 of Debian 12). */
  soup_session_remove_feature_by_type (self->soup, SOUP_TYPE_AUTH_DIGEST);
  soup_session_remove_feature_by_type (self->soup, SOUP_TYPE_CONTENT_DECODER); /* we decode */
  if (config->log_level != SOUP_LOGGER_LOG_NONE)
    {
      g_autoptr (SoupLogger) logger = soup_logger_new (config->log_level);

      soup_session_add_feature (self->soup, SOUP_SESSION_FEATURE (logger));
    }
  if (config->proxy_resolver != NULL)
    soup_session_set_proxy_resolver (self->soup, config->proxy_resolver);
  if (config->tls_database != NULL)
    soup_session_set_tls_database (self->soup, config->tls_database);
  interaction = config->tls_interaction != NULL && config->tls_certificate == NULL
                  ? g_object_ref (config->tls_interaction)
                  : hf_tls_interaction_new (config->tls_certificate);
  soup_session_set_tls_interaction (self->soup, interaction);
  g_main_context_pop_thread_default (self->context);

  hf_shard_set_config (self, config);
  return self;
}

/* Closes the connections. Any thread may do so that has the shard. */
void
hf_shard_free (HfShard *self)
{
  g_main_context_push_thread_default (self->context);
  g_object_unref (self->soup);
  g_main_context_pop_thread_default (self->context);

  g_main_context_unref (self->context);
  g_ptr_array_unref (self->connections);
  g_array_unref (self->origins);
  hf_connection_config_unref (self->config);
  g_free (self);
}

/* On a loop: closes the sockets under what libsoup may have lost sight of. */
void
hf_shard_disconnect (HfShard *self)
{
  for (guint i = 0; i < self->connections->len; i++)
    g_io_stream_close (g_ptr_array_index (self->connections, i), NULL, NULL);
  g_ptr_array_set_size (self->connections, 0);
}

/* Takes over what may differ between users of the same connections. */
void
hf_shard_set_config (HfShard            *self,
                     HfConnectionConfig *config)
{
  HfConnectionConfig *before = self->config;

  if (before == config)
    return;

  self->config = hf_connection_config_ref (config);
  if (before != NULL)
    hf_connection_config_unref (before);
  soup_session_set_timeout (self->soup, config->io_timeout);
}

/* Before the first message that may go through a tunnel. */
void
hf_shard_watch_tunnels (HfShard *self)
{
  if (self->watches_tunnels)
    return;

  self->watches_tunnels = TRUE;
  hf_proxy_watch_tunnels (self->soup);
}

/* Makes the shard's context this thread's. */
void
hf_shard_enter (HfShard *self)
{
  g_main_context_push_thread_default (self->context);
}

void
hf_shard_leave (HfShard *self)
{
  g_main_context_pop_thread_default (self->context);
}

/* Whether it may have connections to more origins than it should. */
gboolean
hf_shard_has_too_many (HfShard *self)
{
  return self->origins->len > MAX_ORIGINS;
}

static HfShardOrigin *
shard_find_origin (HfShard *self,
                   GUri    *uri)
{
  for (guint i = 0; i < self->origins->len; i++)
    {
      HfShardOrigin *origin = &g_array_index (self->origins, HfShardOrigin, i);

      if (hf_uri_same_origin (origin->uri, uri))
        return origin;
    }
  return NULL;
}

/* Remembers that the shard was at an origin. */
void
hf_shard_note (HfShard *self,
               GUri    *uri,
               gint64   now)
{
  HfShardOrigin *known = shard_find_origin (self, uri);
  HfShardOrigin origin = { .last_use = now };

  if (known != NULL)
    {
      known->last_use = now;
      return;
    }

  origin.uri = g_uri_ref (uri);
  g_array_append_val (self->origins, origin);
}

/* On a loop: there is one idle connection more. */
void
hf_shard_add_idle (HfShard *self,
                   GUri    *uri,
                   gint64   now)
{
  hf_shard_note (self, uri, now);
  shard_find_origin (self, uri)->n_idle++;
}

/* On a loop. Returns: whether there probably is an idle connection, which is taken then */
gboolean
hf_shard_take_idle (HfShard *self,
                    GUri    *uri,
                    gint64   now,
                    guint    idle_timeout)
{
  HfShardOrigin *origin = shard_find_origin (self, uri);

  /* libsoup has closed them. */
  if (origin != NULL && hf_clock_due_after (origin->last_use, idle_timeout) <= now)
    origin->n_idle = 0;
  if (origin == NULL || origin->n_idle == 0)
    return FALSE;

  origin->n_idle--;
  return TRUE;
}

gboolean
hf_shard_knows (HfShard *self,
                GUri    *uri)
{
  return shard_find_origin (self, uri) != NULL;
}

/*
 * hf_shard_is_stale:
 *
 * Whether the shard should be freed rather than used again: because one of its connections has
 * been idle for too long, or because there are too many. libsoup's own idle timers would cost two
 * system calls for every request, and cannot be told from one another.
 */
gboolean
hf_shard_is_stale (HfShard *self,
                   gint64   now,
                   guint    idle_timeout)
{
  if (hf_shard_has_too_many (self))
    return TRUE;

  for (guint i = 0; i < self->origins->len; i++)
    {
      HfShardOrigin *origin = &g_array_index (self->origins, HfShardOrigin, i);

      if (hf_clock_due_after (origin->last_use, idle_timeout) <= now)
        return TRUE;
    }
  return FALSE;
}
