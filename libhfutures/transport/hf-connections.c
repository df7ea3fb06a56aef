/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-connections-private.h"

static G_DEFINE_QUARK (hf-connection-id, connection_id)

/* Returns: (transfer full) (nullable): what is under TLS */
static GIOStream *
find_socket (GIOStream *stream)
{
  GIOStream *found = g_object_ref (stream);

  while (G_IS_TLS_CONNECTION (found))
    {
      GIOStream *outer = found;

      g_object_get (outer, "base-io-stream", &found, NULL);
      g_object_unref (outer);
    }
  if (!G_IS_SOCKET_CONNECTION (found))
    g_clear_object (&found);
  return found;
}

/*
 * hf_connections_note:
 * @stream: what @message has just been connected with
 *
 * Those that have been closed are of no interest any more.
 */
void
hf_connections_note (GPtrArray   *connections,
                     SoupMessage *message,
                     GIOStream   *stream)
{
  guint64 *id = g_new (guint64, 1);
  GIOStream *found = find_socket (stream);

  *id = soup_message_get_connection_id (message);
  for (guint i = connections->len; i > 0; i--)
    {
      GIOStream *other = g_ptr_array_index (connections, i - 1);

      if (other == found || g_io_stream_is_closed (other))
        g_ptr_array_remove_index_fast (connections, i - 1);
    }

  if (found == NULL)
    {
      g_free (id);
      return;
    }
  g_object_set_qdata_full (G_OBJECT (found), connection_id_quark (), id, g_free);
  g_ptr_array_add (connections, found);
}

/* Returns: (transfer none) (nullable): the connection that a message is on */
GSocketConnection *
hf_connections_find (GPtrArray   *connections,
                     SoupMessage *message)
{
  guint64 id = soup_message_get_connection_id (message);

  for (guint i = 0; i < connections->len; i++)
    {
      GObject *connection = g_ptr_array_index (connections, i);

      if (*(guint64 *) g_object_get_qdata (connection, connection_id_quark ()) == id)
        return G_SOCKET_CONNECTION (connection);
    }
  return NULL;
}
