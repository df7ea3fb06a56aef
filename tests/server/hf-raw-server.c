/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-raw-server.h"

#include <string.h>

struct _HfRawServer {
  GSocketListener *listener;  /* owned */
  guint16 port;
  HfRawServerFunc func;
  gpointer user_data;
  GCancellable *ending;       /* owned */
  GThread *acceptor;          /* owned; joined in free */
  GMutex lock;
  GCond served;
  guint n_serving;            /* guarded by lock */
  int n_accepted;             /* atomic */
};

typedef struct {
  HfRawServer *server;
  GIOStream *stream; /* owned */
} HfServing;

static gpointer
serve (gpointer data)
{
  HfServing *serving = data;
  HfRawServer *self = serving->server;

  serving->server->func (serving->server, serving->stream, serving->server->user_data);
  g_io_stream_close (serving->stream, NULL, NULL);
  g_object_unref (serving->stream);
  g_free (serving);

  g_mutex_lock (&self->lock);
  self->n_serving--;
  g_cond_signal (&self->served);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static gpointer
accept_connections (gpointer data)
{
  HfRawServer *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->ending, NULL)) != NULL)
    {
      HfServing *serving = g_new (HfServing, 1);

      g_atomic_int_inc (&self->n_accepted);
      serving->server = self;
      serving->stream = G_IO_STREAM (connection);
      g_mutex_lock (&self->lock);
      self->n_serving++;
      g_mutex_unlock (&self->lock);
      g_thread_unref (g_thread_new ("raw-server", serve, serving));
    }
  return NULL;
}

HfRawServer *
hf_raw_server_new (HfRawServerFunc func,
                   gpointer        user_data)
{
  HfRawServer *self = g_new0 (HfRawServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->listener = g_socket_listener_new ();
  g_socket_listener_set_backlog (self->listener, 256);
  self->func = func;
  self->user_data = user_data;
  self->ending = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->served);
  g_socket_listener_add_address (self->listener, wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->acceptor = g_thread_new ("raw-server-accept", accept_connections, self);
  return self;
}

/* Ends the waiting of all functions, and waits for them. */
void
hf_raw_server_free (HfRawServer *self)
{
  g_cancellable_cancel (self->ending);
  g_thread_join (self->acceptor);
  g_mutex_lock (&self->lock);
  while (self->n_serving > 0)
    g_cond_wait (&self->served, &self->lock);
  g_mutex_unlock (&self->lock);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->served);
  g_socket_listener_close (self->listener);
  g_object_unref (self->listener);
  g_object_unref (self->ending);
  g_free (self);
}

guint16
hf_raw_server_get_port (HfRawServer *self)
{
  return self->port;
}

char *
hf_raw_server_dup_uri (HfRawServer *self,
                       const char  *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", self->port, path);
}

guint
hf_raw_server_get_n_accepted (HfRawServer *self)
{
  return g_atomic_int_get (&self->n_accepted);
}

char *
hf_raw_server_read_head (GIOStream *stream)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  g_autoptr (GString) head = g_string_new (NULL);
  char c;

  while (g_input_stream_read (input, &c, 1, NULL, NULL) == 1)
    {
      g_string_append_c (head, c);
      if (g_str_has_suffix (head->str, "\r\n\r\n"))
        return g_string_free (g_steal_pointer (&head), FALSE);
    }
  return NULL;
}

gboolean
hf_raw_server_write (GIOStream  *stream,
                     const char *data)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (stream), data, strlen (data),
                                    NULL, NULL, NULL);
}

void
hf_raw_server_wait_for_end (HfRawServer *self,
                            GIOStream   *stream)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  char buffer[4096];

  while (g_input_stream_read (input, buffer, sizeof buffer, self->ending, NULL) > 0)
    ;
}
