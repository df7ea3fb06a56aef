/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-soup-transport-private.h"

#include "hf-async-sending-private.h"
#include "hf-sending-private.h"
#include "hf-shard-pool-private.h"
#include "hf-shard-stream-private.h"
#include "hf-soup-types-private.h"

/*
 * Sends through libsoup: on threads each hop on a shard of its own while it lasts, on a loop on one
 * of the loop's shards.
 *
 * The SoupSession that a user sees is the template of the shards. It is read in the threads that
 * change it. It never sends, but in its own context.
 */

/* What the template says now. Reference-counted: the transport may be finalized by a worker while
 * the template's owner is just changing a property. */
typedef struct {
  GMutex lock;
  gboolean supplied;           /* guarded by lock */
  HfConnectionConfig *config;  /* owned; guarded by lock */
  guint idle_timeout;          /* seconds; 0: never; guarded by lock */
  HfShardPool *pool;           /* a reference, const */
} HfTemplate;

struct _HfSoupTransport {
  GObject parent_instance;

  SoupSession *soup_session;   /* owned, const */
  gboolean sends_itself;       /* const: a user made the session, so it sends in its own context */
  gulong notify_handler;       /* const */
  HfTemplate *template;        /* a reference, const */
  HfShardPool *pool;           /* owned, const; of threads */
  GMainContext *context;       /* owned, const; the SoupSession's */

  GMutex lock;
  GHashTable *loops;           /* owned; GMainContext → HfLoopShards, both owned; guarded by lock */
};

static void hf_soup_transport_iface_init (HfTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfSoupTransport, hf_soup_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HF_TYPE_TRANSPORT,
                                                      hf_soup_transport_iface_init))

static HfConnectionConfig *
soup_transport_ref_config (HfSoupTransport *self,
                              guint           *idle_timeout)
{
  HfConnectionConfig *config;

  g_mutex_lock (&self->template->lock);
  config = hf_connection_config_ref (self->template->config);
  if (idle_timeout != NULL)
    *idle_timeout = self->template->idle_timeout;
  g_mutex_unlock (&self->template->lock);
  return config;
}

/* In the thread that changes the property, so nobody reads the session while it changes. */
static void
on_template_notify (SoupSession *soup_session,
                    GParamSpec  *pspec,
                    gpointer     user_data)
{
  HfTemplate *self = user_data;
  g_autoptr (HfConnectionConfig) config = NULL;
  gboolean supplied;

  g_mutex_lock (&self->lock);
  if (g_str_equal (pspec->name, "proxy-resolver") || g_str_equal (pspec->name, "tls-database"))
    self->supplied = TRUE;
  supplied = self->supplied;
  g_mutex_unlock (&self->lock);

  config = hf_connection_config_new_for (soup_session, supplied);
  hf_shard_pool_set_idle_timeout (self->pool, soup_session_get_idle_timeout (soup_session));

  g_mutex_lock (&self->lock);
  self->idle_timeout = soup_session_get_idle_timeout (soup_session);
  {
    HfConnectionConfig *before = self->config;

    self->config = g_steal_pointer (&config);
    config = before;
  }
  g_mutex_unlock (&self->lock);
}

static void
template_clear (gpointer data)
{
  HfTemplate *self = data;

  hf_connection_config_unref (self->config);
  hf_shard_pool_unref (self->pool);
  g_mutex_clear (&self->lock);
}

static void
template_release (gpointer  data,
                  GClosure *closure)
{
  g_atomic_rc_box_release_full (data, template_clear);
}

static void
hf_soup_transport_finalize (GObject *object)
{
  HfSoupTransport *self = HF_SOUP_TRANSPORT (object);
  GHashTableIter loops;
  gpointer shards;

  g_signal_handler_disconnect (self->soup_session, self->notify_handler);
  g_hash_table_iter_init (&loops, self->loops);
  while (g_hash_table_iter_next (&loops, NULL, &shards))
    hf_loop_shards_close (shards);
  g_hash_table_unref (self->loops);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  hf_shard_pool_close (self->pool);
  hf_shard_pool_unref (self->pool);
  template_release (self->template, NULL);
  g_object_unref (self->soup_session);

  G_OBJECT_CLASS (hf_soup_transport_parent_class)->finalize (object);
}

static void
hf_soup_transport_class_init (HfSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_soup_transport_finalize;
}

static void
hf_soup_transport_init (HfSoupTransport *self)
{
  g_mutex_init (&self->lock);
  self->pool = hf_shard_pool_new ();
  self->context = g_main_context_ref_thread_default ();
  self->loops = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) g_main_context_unref, NULL);
}

/* Before the first hop of the process; it may be called again. */
void
hf_soup_transport_prepare (void)
{
  static gsize prepared = 0;

  if (!g_once_init_enter (&prepared))
    return;

  hf_soup_types_register ();
  hf_sending_add_emission_hooks ();
  /* Else two threads that want the list of public suffixes first both load it. */
  soup_tld_domain_is_public_suffix ("org");
  g_once_init_leave (&prepared, 1);
}

/* Makes a transport on a template, which a user made if @supplied. */
HfSoupTransport *
hf_soup_transport_new (SoupSession *soup_session,
                       gboolean     supplied)
{
  HfSoupTransport *self;
  g_autofree char *lost = supplied ? hf_connection_config_list_lost (soup_session, TRUE) : NULL;

  hf_soup_transport_prepare ();
  if (lost != NULL)
    g_warning ("What the SoupSession has of these cannot be carried over to workers: %s", lost);

  self = g_object_new (HF_TYPE_SOUP_TRANSPORT, NULL);
  self->soup_session = g_object_ref (soup_session);
  self->sends_itself = supplied;
  self->template = g_atomic_rc_box_new0 (HfTemplate);
  g_mutex_init (&self->template->lock);
  self->template->supplied = supplied;
  self->template->config = hf_connection_config_new_for (soup_session, supplied);
  self->template->pool = hf_shard_pool_ref (self->pool);
  self->template->idle_timeout = soup_session_get_idle_timeout (soup_session);
  hf_shard_pool_set_idle_timeout (self->pool, self->template->idle_timeout);
  self->notify_handler =
    g_signal_connect_data (soup_session, "notify", G_CALLBACK (on_template_notify),
                           g_atomic_rc_box_acquire (self->template), template_release, 0);
  return self;
}

guint
hf_soup_transport_get_n_idle (HfSoupTransport *self)
{
  return hf_shard_pool_get_n_idle (self->pool);
}

static GBytes *
read_body (HfSending     *sending,
           GInputStream  *stream,
           GError       **error)
{
  HfSoupBody *body = &sending->body;
  GError *failed = NULL;
  gboolean fine = TRUE;
  gssize length = 1;
  void *space;
  gsize size;

  while (fine && length > 0 && hf_soup_body_wants (body, &space, &size))
    {
      length = g_input_stream_read (stream, space, size, sending->cancellable, &failed);
      fine = length >= 0 && (length == 0 || hf_soup_body_took (body, length, &failed));
    }

  return fine ? hf_soup_body_end (body, error) : hf_soup_body_fail (body, failed, error);
}

static gboolean
may_tunnel (HfHop *hop)
{
  return hop->message != NULL || g_str_equal (g_uri_get_scheme (hop->uri), "https");
}

/*
 * hf_soup_transport_send_with:
 *
 * Sends a hop, blocking, on a shard of a pool.
 */
HfResponse *
hf_soup_transport_send_with (HfShardPool         *pool,
                             HfConnectionConfig  *config,
                             HfHop               *hop,
                             GCancellable        *cancellable,
                             GError             **error)
{
  HfSending sending = {
    .hop = hop, .config = config, .cancellable = cancellable, .may_block = TRUE
  };
  g_autoptr (GInputStream) stream = NULL;
  HfResponse *response = NULL;
  HfShard *shard;
  g_autoptr (GUri) at = NULL;
  gboolean there = FALSE;

  if (hf_sending_has_to_open (&sending) && !hf_sending_open (&sending, error))
    {
      hf_sending_clear (&sending);
      return NULL;
    }

  shard = hf_shard_pool_check_out (pool, config, hop->uri);
  sending.soup = shard->soup;
  sending.connections = shard->connections;
  hf_shard_enter (shard);
  if (may_tunnel (hop))
    hf_shard_watch_tunnels (shard);
  if (hf_sending_begin (&sending, error))
    {
      stream = soup_session_send (shard->soup, sending.message, cancellable, error);
      there = hf_sending_take_stream (&sending, stream, error);
    }

  if (there && sending.body.streams)
    {
      hf_shard_leave (shard);
      response = hf_shard_stream_respond (&sending, g_steal_pointer (&stream), pool, shard);
      hf_sending_clear (&sending);
      return response;
    }

  if (there)
    response = hf_sending_take_body (&sending, read_body (&sending, stream, error), error);

  /* Closing may wait for what the server still has to say. */
  if (stream != NULL)
    g_input_stream_close (stream, cancellable, NULL);
  if (response != NULL)
    at = g_uri_ref (soup_message_get_uri (sending.message));
  hf_sending_clear (&sending);
  g_clear_object (&stream);
  hf_shard_leave (shard);
  hf_shard_pool_check_in (pool, shard, at);

  return response;
}

static HfResponse *
hf_soup_transport_send (HfTransport   *transport,
                        HfHop         *hop,
                        GCancellable  *cancellable,
                        GError       **error)
{
  HfSoupTransport *self = HF_SOUP_TRANSPORT (transport);
  g_autoptr (HfConnectionConfig) config = hf_soup_transport_ref_config (self, hop);

  return hf_soup_transport_send_with (self->pool, config, hop, cancellable, error);
}

/* Returns: (transfer full): how the connections of a hop are to be made */
HfConnectionConfig *
hf_soup_transport_ref_config (HfSoupTransport *self,
                              HfHop           *hop)
{
  g_autoptr (HfConnectionConfig) base = soup_transport_ref_config (self, NULL);

  return hf_connection_config_for_request (base, hop->settings, FALSE);
}

static HfLoopShards *
soup_transport_ensure_loop (HfSoupTransport *self,
                            GMainContext    *context)
{
  HfLoopShards *shards;

  g_mutex_lock (&self->lock);
  shards = g_hash_table_lookup (self->loops, context);
  g_mutex_unlock (&self->lock);
  if (shards != NULL)
    return shards;

  shards = hf_loop_shards_new (context);
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->loops, g_main_context_ref (context), shards);
  g_mutex_unlock (&self->lock);
  return shards;
}

/* Over HTTP/2 libsoup aborts the process when a stream has nothing to give yet for the second time
 * in a row, or uses what it has freed when a read ends late (3.2.3). */
static gboolean
streams_body (HfHop *hop)
{
  return hop->body != NULL && hf_body_get_bytes (hop->body) == NULL;
}

/* In its own context a SoupSession of the user's sends by itself, unless the request wants its
 * connections to be made in another way. */
static void
hf_soup_transport_send_async (HfTransport     *transport,
                              HfHop           *hop,
                              GCancellable    *cancellable,
                              HfTransportDone  done,
                              gpointer         user_data)
{
  HfSoupTransport *self = HF_SOUP_TRANSPORT (transport);
  GMainContext *context = g_main_context_get_thread_default ();
  guint idle_timeout;
  g_autoptr (HfConnectionConfig) base = soup_transport_ref_config (self, &idle_timeout);
  g_autoptr (HfConnectionConfig) config =
    hf_connection_config_for_request (base, hop->settings, hop->http2 && !streams_body (hop));

  if (context == NULL)
    context = g_main_context_default ();
  if (self->sends_itself && context == self->context && config == base)
    hf_async_sending_start_in (self->soup_session, config, hop, cancellable, done, user_data);
  else
    hf_async_sending_start (soup_transport_ensure_loop (self, context), idle_timeout, config,
                            may_tunnel (hop), hop, cancellable, done, user_data);
}

static void
hf_soup_transport_iface_init (HfTransportInterface *iface)
{
  iface->send = hf_soup_transport_send;
  iface->send_async = hf_soup_transport_send_async;
}
