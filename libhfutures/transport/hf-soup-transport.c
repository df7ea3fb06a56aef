/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-soup-transport-private.h"

#include "hf-sending-private.h"
#include "hf-shard-pool-private.h"
#include "hf-soup-types-private.h"

/*
 * Sends through libsoup: each hop on a shard of its own while it lasts.
 *
 * The SoupSession that a user sees is the template of the shards. It is read in the threads that
 * change it, and never sends.
 */

/* What the template says now. Reference-counted: the transport may be finalized by a worker while
 * the template's owner is just changing a property. */
typedef struct {
  GMutex lock;
  gboolean supplied;           /* guarded by lock */
  HfConnectionConfig *config;  /* owned; guarded by lock */
  HfShardPool *pool;           /* a reference, const */
} HfTemplate;

struct _HfSoupTransport {
  GObject parent_instance;

  SoupSession *soup_session;   /* owned, const */
  gulong notify_handler;       /* const */
  HfTemplate *template;        /* a reference, const */
  HfShardPool *pool;           /* owned, const */
};

static void hf_soup_transport_iface_init (HfTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfSoupTransport, hf_soup_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HF_TYPE_TRANSPORT,
                                                      hf_soup_transport_iface_init))

static HfConnectionConfig *
soup_transport_ref_config (HfSoupTransport *self)
{
  HfConnectionConfig *config;

  g_mutex_lock (&self->template->lock);
  config = hf_connection_config_ref (self->template->config);
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

  g_signal_handler_disconnect (self->soup_session, self->notify_handler);
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
  self->pool = hf_shard_pool_new ();
}

/* Makes a transport on a template, which a user made if @supplied. */
HfSoupTransport *
hf_soup_transport_new (SoupSession *soup_session,
                       gboolean     supplied)
{
  static gsize prepared = 0;
  HfSoupTransport *self;
  g_autofree char *lost = supplied ? hf_connection_config_list_lost (soup_session) : NULL;

  if (g_once_init_enter (&prepared))
    {
      hf_soup_types_register ();
      hf_sending_add_emission_hooks ();
      g_once_init_leave (&prepared, 1);
    }

  if (lost != NULL)
    g_warning ("What the SoupSession has of these cannot be carried over to workers: %s", lost);

  self = g_object_new (HF_TYPE_SOUP_TRANSPORT, NULL);
  self->soup_session = g_object_ref (soup_session);
  self->template = g_atomic_rc_box_new0 (HfTemplate);
  g_mutex_init (&self->template->lock);
  self->template->supplied = supplied;
  self->template->config = hf_connection_config_new_for (soup_session, supplied);
  self->template->pool = hf_shard_pool_ref (self->pool);
  hf_shard_pool_set_idle_timeout (self->pool, soup_session_get_idle_timeout (soup_session));
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

/* Sends and reads, blocking. */
static HfResponse *
soup_transport_send (HfSoupTransport  *self,
                     HfSending        *sending,
                     GError          **error)
{
  g_autoptr (HfConnectionConfig) base = soup_transport_ref_config (self);
  g_autoptr (HfConnectionConfig) config =
    hf_connection_config_for_request (base, sending->hop->settings);
  HfShard *shard = hf_shard_pool_check_out (self->pool, config, sending->hop->uri);
  HfResponse *response = NULL;
  g_autoptr (GUri) at = NULL;

  hf_shard_enter (shard);
  if (sending->is_users || g_str_equal (g_uri_get_scheme (sending->hop->uri), "https"))
    hf_shard_watch_tunnels (shard);
  sending->config = config;
  if (hf_sending_begin (sending, error))
    {
      g_autoptr (GInputStream) stream =
        soup_session_send (shard->soup, sending->message, sending->cancellable, error);

      if (hf_sending_take_stream (sending, stream, error))
        response = hf_sending_take_body (sending, read_body (sending, stream, error), error);

      /* Closing may wait for what the server still has to say. */
      if (stream != NULL)
        g_input_stream_close (stream, sending->cancellable, NULL);
      if (response != NULL)
        at = g_uri_ref (soup_message_get_uri (sending->message));
    }
  hf_sending_clear (sending);
  hf_shard_leave (shard);
  hf_shard_pool_check_in (self->pool, shard, at);

  return response;
}

static HfResponse *
hf_soup_transport_send (HfTransport   *transport,
                        HfHop         *hop,
                        GCancellable  *cancellable,
                        GError       **error)
{
  HfSending sending = { .hop = hop, .cancellable = cancellable };

  return soup_transport_send (HF_SOUP_TRANSPORT (transport), &sending, error);
}

static void
hf_soup_transport_iface_init (HfTransportInterface *iface)
{
  iface->send = hf_soup_transport_send;
}

/*
 * Sends a user's own message as it is, with libsoup's own redirects, with the cookies of @jar if
 * there is one. @hop has the limits and the observer, and gets the origin; @cancellable is its
 * alone.
 */
HfResponse *
hf_soup_transport_send_message (HfSoupTransport  *self,
                                SoupMessage      *message,
                                SoupCookieJar    *jar,
                                HfHop            *hop,
                                GCancellable     *cancellable,
                                GError          **error)
{
  HfSending sending = {
    .hop = hop,
    .cancellable = cancellable,
    .is_users = TRUE,
    .jar = jar,
  };

  if (!hf_sending_check_users (message, error))
    return NULL;

  hop->uri = g_uri_ref (soup_message_get_uri (message));
  sending.message = g_object_ref (message);
  return soup_transport_send (self, &sending, error);
}
