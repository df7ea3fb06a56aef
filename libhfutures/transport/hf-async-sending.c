/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-async-sending-private.h"

#include "hf-loop-stream-private.h"
#include "hf-proxy-private.h"
#include "hf-sending-private.h"

/*
 * Sends one message on a loop. Everything happens on the loop's thread.
 *
 * Whoever waits is told once, also when libsoup never answers: over HTTP/2 there are servers after
 * which it calls back for no request of the session any more, not even when that is cancelled
 * (3.2.3). What is left of such a request stays until libsoup lets go of it, if it does.
 */

static G_DEFINE_QUARK (hf-watched, watched)

/* So many reads in a row of what is there already, before other requests have their turn. */
#define MOST_READS 64

typedef struct {
  HfSending sending;
  HfLoopShards *shards;         /* a reference; NULL: on the user's own SoupSession */
  HfShard *shard;               /* with shards */
  HfConnectionConfig *config;   /* owned */
  GPtrArray *own_connections;   /* owned, nullable; without a shard */
  GInputStream *stream;         /* owned */
  GSource *watch;               /* owned, nullable: for the cancellation over HTTP/2 */
  GUri *at;                     /* owned, nullable: where a connection is probably idle now */
  GList link;                   /* in the abandoned ones; guarded by their lock */
  gboolean abandoned;

  /* A user's own message may be sent again when its future has settled, so that has to wait until
   * libsoup has done with it. */
  HfResponse *response;         /* owned, nullable: what will be told */
  GError *error;                /* owned, nullable: what will be told */
  gulong unqueued_handler;      /* on the SoupSession; 0: it is not in its queue */
  gboolean decided;             /* there is something to tell */
  gboolean closed;              /* there is no stream, or it is closed */
  HfTransportDone done;         /* NULL: who waited has been told */
  gpointer user_data;
} HfAsyncSending;

/* Those that were given up and that libsoup has not let go of. */
static GMutex abandoned_lock;
static GQueue abandoned = G_QUEUE_INIT;

/* Nothing of it is under way in libsoup. */
static void
async_sending_free (HfAsyncSending *self)
{
  if (self->abandoned)
    {
      self->shard->n_abandoned--;
      g_mutex_lock (&abandoned_lock);
      g_queue_unlink (&abandoned, &self->link);
      g_mutex_unlock (&abandoned_lock);
    }
  hf_sending_clear (&self->sending);
  g_clear_object (&self->stream);
  g_clear_object (&self->response);
  g_clear_error (&self->error);
  if (self->unqueued_handler != 0)
    g_signal_handler_disconnect (self->sending.soup, self->unqueued_handler);
  if (self->shards != NULL)
    {
      hf_loop_shards_check_in (self->shards, self->shard, self->at);
      hf_loop_shards_unref (self->shards);
    }
  g_clear_pointer (&self->at, g_uri_unref);
  g_clear_pointer (&self->own_connections, g_ptr_array_unref);
  hf_connection_config_unref (self->config);
  g_free (self);
}

/*
 * async_sending_tell:
 * @response: (transfer full) (nullable): the response
 * @error: (transfer full) (nullable): why there is none
 *
 * Neither the hop nor the cancellable is used any more afterwards.
 */
static void
async_sending_tell (HfAsyncSending *self,
                    HfResponse     *response,
                    GError         *error)
{
  HfTransportDone done = g_steal_pointer (&self->done);

  if (response == NULL && self->config->http2)
    self->shard->suspect = TRUE;
  hf_sending_detach (&self->sending);
  self->sending.cancellable = NULL;
  if (self->watch != NULL)
    {
      g_source_destroy (self->watch);
      g_clear_pointer (&self->watch, g_source_unref);
    }
  done (response, error, self->user_data);
}

static gboolean
tell_and_free (gpointer data)
{
  HfAsyncSending *self = data;

  if (self->done != NULL)
    async_sending_tell (self, g_steal_pointer (&self->response), g_steal_pointer (&self->error));
  async_sending_free (self);
  return G_SOURCE_REMOVE;
}

/* Not from within libsoup. */
static void
async_sending_tell_later (HfAsyncSending *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_and_free, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
on_unqueued (SoupSession *soup,
             SoupMessage *message,
             gpointer     user_data)
{
  HfAsyncSending *self = user_data;

  if (message != self->sending.message)
    return;

  g_signal_handler_disconnect (soup, self->unqueued_handler);
  self->unqueued_handler = 0;
  if (self->decided && self->closed)
    async_sending_tell_later (self);
}

static void
async_sending_over (HfAsyncSending *self)
{
  self->closed = TRUE;
  if (!self->sending.is_users)
    async_sending_free (self);
  else if (self->unqueued_handler == 0)
    async_sending_tell_later (self);
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_input_stream_close_finish (G_INPUT_STREAM (source), result, NULL);
  async_sending_over (user_data);
}

/* Tells, or keeps it until a user's message can be used again. */
static void
async_sending_decide (HfAsyncSending *self,
                      HfResponse     *response,
                      GError         *error)
{
  self->decided = TRUE;
  if (!self->sending.is_users)
    {
      async_sending_tell (self, response, error);
      return;
    }

  self->response = response;
  self->error = error;
}

/* There is a body, or none, with @error set; @at_end says that there is no more to be read. */
static void
async_sending_finish (HfAsyncSending *self,
                      GBytes         *body,
                      GError         *error,
                      gboolean        at_end)
{
  HfResponse *response = hf_sending_take_body (&self->sending, body, &error);

  if (response != NULL && soup_message_is_keepalive (self->sending.message))
    self->at = g_uri_ref (soup_message_get_uri (self->sending.message));
  async_sending_decide (self, response, error);
  if (!at_end || self->config->http2)
    {
      g_input_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, on_closed, self);
      return;
    }

  /* That does not block now. */
  g_input_stream_close (self->stream, NULL, NULL);
  async_sending_over (self);
}

static void async_sending_read (HfAsyncSending *self);

/* Returns: whether to read on */
static gboolean
async_sending_took (HfAsyncSending *self,
                    gssize          length,
                    GError         *failed)
{
  HfSoupBody *body = &self->sending.body;
  GError *error = NULL;

  if (self->done == NULL)
    {
      /* Given up meanwhile. */
      self->decided = TRUE;
      g_clear_error (&failed);
      g_input_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, on_closed, self);
      return FALSE;
    }

  if (length > 0 && hf_soup_body_took (body, length, &failed))
    return TRUE;

  if (failed != NULL)
    {
      GBytes *nothing = hf_soup_body_fail (body, failed, &error);

      async_sending_finish (self, nothing, error, FALSE);
    }
  else
    {
      GBytes *whole = hf_soup_body_end (body, &error);

      async_sending_finish (self, whole, error, !body->buffer.over);
    }
  return FALSE;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GError *failed = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &failed);

  if (async_sending_took (user_data, length, failed))
    async_sending_read (user_data);
}

/* Reads what is there, then waits for more. */
static void
async_sending_read (HfAsyncSending *self)
{
  HfSoupBody *body = &self->sending.body;
  GPollableInputStream *pollable = NULL;
  void *space;
  gsize size;

  if (G_IS_POLLABLE_INPUT_STREAM (self->stream) &&
      g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (self->stream)))
    pollable = G_POLLABLE_INPUT_STREAM (self->stream);

  for (guint i = 0; hf_soup_body_wants (body, &space, &size); i++)
    {
      g_autoptr (GError) failed = NULL;
      gssize length = -1;

      if (pollable != NULL && i < MOST_READS)
        length = g_pollable_input_stream_read_nonblocking (pollable, space, size,
                                                           self->sending.cancellable, &failed);
      if (length < 0 &&
          (failed == NULL || g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
        {
          g_input_stream_read_async (self->stream, space, size, G_PRIORITY_DEFAULT,
                                     self->sending.cancellable, on_read, self);
          return;
        }
      if (!async_sending_took (self, length, g_steal_pointer (&failed)))
        return;
    }

  /* No more is wanted. */
  async_sending_took (self, 0, NULL);
}

/* The response goes on its way; what is left to be read is its stream's. */
static void
async_sending_give_stream (HfAsyncSending *self)
{
  HfResponse *response = hf_loop_stream_respond (&self->sending, g_steal_pointer (&self->stream),
                                                 g_steal_pointer (&self->shards), self->shard);

  async_sending_tell (self, response, NULL);
  async_sending_free (self);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  HfAsyncSending *self = user_data;
  GError *error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->done != NULL && hf_sending_take_stream (&self->sending, self->stream, &error))
    {
      if (self->sending.body.streams)
        async_sending_give_stream (self);
      else
        async_sending_read (self);
      return;
    }

  if (self->done != NULL)
    async_sending_decide (self, NULL, error);
  else
    g_clear_error (&error);

  self->decided = TRUE;
  if (self->stream != NULL)
    g_input_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, on_closed, self);
  else
    async_sending_over (self);
}

/* Over HTTP/2 libsoup may never say that it has stopped. */
static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  HfAsyncSending *self = user_data;
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  hf_sending_explain (&self->sending, &error);
  self->shard->n_abandoned++;
  hf_loop_shards_look_for_stuck (self->shards);
  self->abandoned = TRUE;
  self->link.data = self;
  g_mutex_lock (&abandoned_lock);
  g_queue_push_tail_link (&abandoned, &self->link);
  g_mutex_unlock (&abandoned_lock);
  async_sending_tell (self, NULL, error);
  return G_SOURCE_REMOVE;
}

/* Gives it to libsoup, or has it told later that this cannot be. */
static void
async_sending_send (HfAsyncSending *self)
{
  SoupSession *soup = self->sending.soup;

  if (!hf_sending_begin (&self->sending, &self->error))
    {
      async_sending_tell_later (self);
      return;
    }

  if (self->sending.is_users)
    self->unqueued_handler =
      g_signal_connect (soup, "request-unqueued", G_CALLBACK (on_unqueued), self);
  soup_session_send_async (soup, self->sending.message, G_PRIORITY_DEFAULT,
                           self->sending.cancellable, on_sent, self);
  if (self->shards != NULL && self->config->http2)
    {
      self->watch = g_cancellable_source_new (self->sending.cancellable);
      g_source_set_callback (self->watch, G_SOURCE_FUNC (on_cancelled), self, NULL);
      g_source_attach (self->watch, g_main_context_get_thread_default ());
    }
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  HfAsyncSending *self = user_data;

  if (hf_upload_open_finish (HF_UPLOAD (source), result, &self->error))
    async_sending_send (self);
  else
    tell_and_free (self);
}

static void
async_sending_start (HfAsyncSending *self,
                     SoupSession    *soup)
{
  self->sending.soup = soup;
  if (!hf_sending_has_to_open (&self->sending))
    {
      async_sending_send (self);
      return;
    }

  self->sending.upload = hf_upload_new (self->sending.hop);
  hf_upload_open_async (self->sending.upload, self->sending.cancellable, on_opened, self);
}

static HfAsyncSending *
async_sending_new (HfConnectionConfig *config,
                   HfHop              *hop,
                   GCancellable       *cancellable,
                   HfTransportDone     done,
                   gpointer            user_data)
{
  HfAsyncSending *self = g_new0 (HfAsyncSending, 1);

  self->config = hf_connection_config_ref (config);
  self->sending = (HfSending){ .hop = hop, .config = config, .cancellable = cancellable };
  self->done = done;
  self->user_data = user_data;
  return self;
}

/* Sends on one of the loop's shards. */
void
hf_async_sending_start (HfLoopShards       *shards,
                        guint               idle_timeout,
                        HfConnectionConfig *config,
                        gboolean            may_tunnel,
                        HfHop              *hop,
                        GCancellable       *cancellable,
                        HfTransportDone     done,
                        gpointer            user_data)
{
  HfAsyncSending *self = async_sending_new (config, hop, cancellable, done, user_data);
  gboolean has_connection;

  self->shards = hf_loop_shards_ref (shards);
  self->shard = hf_loop_shards_check_out (shards, config, hop->uri, idle_timeout, &has_connection);
  if (may_tunnel)
    hf_shard_watch_tunnels (self->shard);

  /* Connects over TLS on which the protocol is pinned wait for one another otherwise. */
  self->sending.wants_connection = may_tunnel && !has_connection && !config->http2;
  self->sending.connections = self->shard->connections;
  async_sending_start (self, self->shard->soup);
}

/* Sends on the user's own SoupSession, with its cache and its features, but for what the exchange
 * does by itself. */
void
hf_async_sending_start_in (SoupSession        *soup,
                           HfConnectionConfig *config,
                           HfHop              *hop,
                           GCancellable       *cancellable,
                           HfTransportDone     done,
                           gpointer            user_data)
{
  HfAsyncSending *self = async_sending_new (config, hop, cancellable, done, user_data);

  self->sending.answers_from_cache = soup_session_has_feature (soup, SOUP_TYPE_CACHE);
  self->sending.on_users_session = TRUE;
  if (hf_sending_has_to_open (&self->sending))
    {
      /* Else it may be one that was never seen. */
      self->own_connections = g_ptr_array_new_with_free_func (g_object_unref);
      self->sending.connections = self->own_connections;
      self->sending.wants_connection = TRUE;
    }
  if (g_object_get_qdata (G_OBJECT (soup), watched_quark ()) == NULL)
    {
      g_object_set_qdata (G_OBJECT (soup), watched_quark (), soup);
      hf_proxy_watch_tunnels (soup);
    }
  async_sending_start (self, soup);
}
