/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-upload-server.h"

#include <string.h>

/* A body that is not longer is in the log as it is. */
#define LONGEST_SHOWN 1024

typedef struct {
  HfUploadServer *server;
  GDataInputStream *input; /* owned */
  GChecksum *checksum;     /* owned */
  GString *begin;          /* owned: of the body */
  guint64 length;
} Upload;

/* Returns: whether so many bytes came */
static gboolean
upload_take (Upload  *self,
             guint64  length)
{
  static const gsize size = 256 * 1024;
  g_autofree char *buffer = g_malloc (size);

  while (length > 0)
    {
      gssize n =
        g_input_stream_read (G_INPUT_STREAM (self->input), buffer, MIN (length, size), NULL, NULL);

      if (n <= 0)
        return FALSE;
      length -= n;
      self->length += n;
      if (self->length <= 16 * 1024 * 1024)
        g_checksum_update (self->checksum, (guchar *) buffer, n);
      if (self->begin->len < LONGEST_SHOWN)
        g_string_append_len (self->begin, buffer,
                             MIN ((gsize) n, LONGEST_SHOWN - self->begin->len));
      g_mutex_lock (&self->server->lock);
      self->server->n_received += n;
      g_mutex_unlock (&self->server->lock);
    }
  return TRUE;
}

static gboolean
upload_take_chunks (Upload *self)
{
  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line (self->input, NULL, NULL, NULL);
      guint64 length = line != NULL ? g_ascii_strtoull (line, NULL, 16) : 0;
      g_autofree char *end = NULL;

      if (line == NULL || !upload_take (self, length))
        return FALSE;
      end = g_data_input_stream_read_line (self->input, NULL, NULL, NULL);
      if (end == NULL)
        return FALSE;
      if (length == 0)
        return TRUE;
    }
}

static char *
read_head (GDataInputStream *input)
{
  g_autoptr (GString) head = g_string_new (NULL);

  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);

      if (line == NULL)
        return NULL;
      if (*line == '\0')
        return g_string_free (g_steal_pointer (&head), FALSE);
      g_string_append_printf (head, "%s\n", line);
    }
}

static void
upload_server_log (HfUploadServer *self,
                   const char     *head,
                   const char     *framing,
                   Upload         *upload,
                   gboolean        whole)
{
  const char *end = strstr (head, " HTTP/");
  gboolean shown = upload->length <= LONGEST_SHOWN;

  g_mutex_lock (&self->lock);
  g_string_append_printf (self->log, "%.*s %s %" G_GUINT64_FORMAT " %s%s\n", (int) (end - head),
                          head, framing, upload->length, whole ? "" : "CUT ",
                          shown ? upload->begin->str : g_checksum_get_string (upload->checksum));
  g_mutex_unlock (&self->lock);
}

/* Returns: whether the connection goes on */
static gboolean
serve_request (HfUploadServer   *self,
               GDataInputStream *input,
               GIOStream        *stream,
               guint             n_before)
{
  g_autofree char *head = read_head (input);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GString) begin = g_string_new (NULL);
  Upload upload = { .server = self, .input = input, .checksum = checksum, .begin = begin };
  const char *announced;
  gboolean is_chunked;
  gboolean whole;

  if (head == NULL)
    return FALSE;

  announced = strstr (head, "Content-Length: ");
  is_chunked = strstr (head, "Transfer-Encoding: chunked") != NULL;
  whole =
    is_chunked
      ? upload_take_chunks (&upload)
      : upload_take (&upload, announced != NULL ? g_ascii_strtoull (announced + 16, NULL, 10) : 0);
  upload_server_log (self, head,
                     is_chunked          ? "chunked"
                     : announced != NULL ? "length"
                                         : "none",
                     &upload, whole);
  if (!whole || (strstr (head, " /drop ") != NULL && n_before > 0))
    return FALSE;

  if (strstr (head, " /temporary ") != NULL)
    return hf_raw_server_write (stream, "HTTP/1.1 307 Moved\r\nLocation: /ok\r\n"
                                        "Content-Length: 0\r\n\r\n");
  if (strstr (head, " /see-other ") != NULL)
    return hf_raw_server_write (stream, "HTTP/1.1 303 Moved\r\nLocation: /ok\r\n"
                                        "Content-Length: 0\r\n\r\n");
  if (strstr (head, " /digest ") != NULL && strstr (head, "Authorization: Digest") == NULL)
    return hf_raw_server_write (stream, "HTTP/1.1 401 Who?\r\n"
                                        "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", "
                                        "qop=\"auth\"\r\nContent-Length: 0\r\n\r\n");
  return hf_raw_server_write (stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

static void
serve (HfRawServer *server,
       GIOStream   *stream,
       gpointer     user_data)
{
  HfUploadServer *self = user_data;
  g_autoptr (GIOStream) tls = self->certificate != NULL
                                ? g_tls_server_connection_new (stream, self->certificate, NULL)
                                : NULL;
  GIOStream *inner = tls != NULL ? tls : stream;
  g_autoptr (GDataInputStream) input =
    g_data_input_stream_new (g_io_stream_get_input_stream (inner));
  guint n = 0;

  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (input), FALSE);
  while (serve_request (self, input, inner, n))
    n++;
  g_atomic_int_inc (&self->n_ended);
}

HfUploadServer *
hf_upload_server_new (void)
{
  return hf_upload_server_new_tls (NULL);
}

HfUploadServer *
hf_upload_server_new_tls (GTlsCertificate *certificate)
{
  HfUploadServer *self = g_new0 (HfUploadServer, 1);

  g_mutex_init (&self->lock);
  g_set_object (&self->certificate, certificate);
  self->log = g_string_new (NULL);
  self->server = hf_raw_server_new (serve, self);
  return self;
}

/* For hf_assert_becomes(): whether the clients have closed their connections. */
gboolean
hf_upload_server_is_left (gpointer data)
{
  HfUploadServer *self = data;

  return (guint) g_atomic_int_get (&self->n_ended) == hf_raw_server_get_n_accepted (self->server);
}

void
hf_upload_server_free (HfUploadServer *self)
{
  hf_raw_server_free (self->server);
  g_clear_object (&self->certificate);
  g_string_free (self->log, TRUE);
  g_mutex_clear (&self->lock);
  g_free (self);
}

char *
hf_upload_server_dup_uri (HfUploadServer *self,
                          const char     *path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s", self->certificate != NULL ? "https" : "http",
                          hf_raw_server_get_port (self->server), path);
}

char *
hf_upload_server_take_log (HfUploadServer *self)
{
  GString *log;

  g_mutex_lock (&self->lock);
  log = self->log;
  self->log = g_string_new (NULL);
  g_mutex_unlock (&self->lock);
  return g_string_free (log, FALSE);
}

guint64
hf_upload_server_get_n_received (HfUploadServer *self)
{
  guint64 n;

  g_mutex_lock (&self->lock);
  n = self->n_received;
  g_mutex_unlock (&self->lock);
  return n;
}
