/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-mock-call-private.h"

#include <glib/gi18n-lib.h>

#include "hf-upload-private.h"

/**
 * HfMockCall:
 *
 * A request that a [class@MockTransport] answers instead of a server.
 *
 * What it says can be read for as long as there is a reference. The answer may come when the
 * function has returned, from any thread: whoever keeps a reference can give it later. When the
 * last one goes without an answer, the request fails.
 *
 * Since: 1.0
 */

struct _HfMockCall {
  gatomicrefcount ref_count;

  const char *method;   /* interned */
  char *uri;            /* owned */
  HfHeaders *headers;   /* owned */
  HfBody *body;         /* owned, nullable */
  HfMockAnswer *answer; /* owned */
  GMutex lock;
  GPtrArray *fields;    /* owned; of char *: of the answer, in turn; guarded by lock */
  GBytes *loaded;       /* owned, nullable; guarded by lock: what the body has */
};

G_DEFINE_BOXED_TYPE (HfMockCall, hf_mock_call, hf_mock_call_ref, hf_mock_call_unref)

HfMockCall *
hf_mock_call_new (HfHop        *hop,
                  HfMockAnswer *answer)
{
  HfMockCall *self = g_new0 (HfMockCall, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->method = hop->method;
  self->uri = g_uri_to_string (hop->uri);
  self->headers = hf_headers_ref (hop->headers);
  g_set_object (&self->body, hop->body);
  self->answer = hf_mock_answer_ref (answer);
  self->fields = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * hf_mock_call_ref:
 * @self: a call
 *
 * Takes a reference. Any thread may do so.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
HfMockCall *
hf_mock_call_ref (HfMockCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static GError *
new_no_answer_error (HfMockCall *self)
{
  g_autofree char *shown = hf_error_redact_uri (self->uri);

  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_FAILED, _("The mock transport has no answer for “%s”"),
                      shown);
}

/**
 * hf_mock_call_unref:
 * @self: (transfer full): a call
 *
 * Gives up a reference. Any thread may do so.
 *
 * Since: 1.0
 */
void
hf_mock_call_unref (HfMockCall *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  hf_mock_answer_give (self->answer, NULL, new_no_answer_error (self));
  hf_mock_answer_unref (self->answer);
  g_free (self->uri);
  hf_headers_unref (self->headers);
  g_clear_object (&self->body);
  g_ptr_array_unref (self->fields);
  g_clear_pointer (&self->loaded, g_bytes_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * hf_mock_call_get_method:
 * @self: a call
 *
 * Gives the request's method.
 *
 * Returns: (transfer none): the method, owned by @self
 *
 * Since: 1.0
 */
const char *
hf_mock_call_get_method (HfMockCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->method;
}

/**
 * hf_mock_call_get_uri:
 * @self: a call
 *
 * Gives the URI that is asked for, with its query, without credentials.
 *
 * Returns: (transfer none): the URI, owned by @self
 *
 * Since: 1.0
 */
const char *
hf_mock_call_get_uri (HfMockCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->uri;
}

/**
 * hf_mock_call_get_headers:
 * @self: a call
 *
 * Gives the header fields of the request: its own, those of the session, cookies and credentials.
 * What libsoup adds on a connection, such as `Host`, is not among them.
 *
 * Returns: (transfer none): the fields, owned by @self
 *
 * Since: 1.0
 */
HfHeaders *
hf_mock_call_get_headers (HfMockCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->headers;
}

/**
 * hf_mock_call_get_body:
 * @self: a call
 *
 * Gives the request's body. [method@MockCall.load_body] reads what it sends.
 *
 * Returns: (transfer none) (nullable): the body, owned by @self, or %NULL when there is none
 *
 * Since: 1.0
 */
HfBody *
hf_mock_call_get_body (HfMockCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body;
}

static void
ignore_phase (HfHop   *hop,
              HfPhase  phase)
{
}

static void
ignore_activity (HfHop *hop)
{
}

/* Returns: (transfer full) (nullable): what would be sent of a body */
static GBytes *
load_body (HfBody  *body,
           GError **error)
{
  static const HfHopObserver ignorant = { .phase = ignore_phase, .activity = ignore_activity };
  HfHop hop = { .body = body, .observer = &ignorant };
  g_autoptr (GOutputStream) loaded = NULL;
  g_autoptr (HfUpload) upload = NULL;
  gboolean read;

  if (hf_body_get_bytes (body) != NULL)
    return g_bytes_ref (hf_body_get_bytes (body));

  upload = hf_upload_new (&hop);
  loaded = g_memory_output_stream_new_resizable ();
  read = hf_upload_open (upload, NULL, error) &&
         g_output_stream_splice (loaded, G_INPUT_STREAM (upload),
                                 G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) >= 0;
  hf_upload_end (upload);
  return read ? g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (loaded)) : NULL;
}

/**
 * hf_mock_call_load_body:
 * @self: a call
 * @error: return location for an error, or %NULL
 *
 * Gives what a server would get as the request's body, also of a file, a stream or a multipart
 * body. It is read once, blocking; what is in memory is not copied.
 *
 * Returns: (transfer full) (nullable): the bytes, none without a body, or %NULL with @error set as
 *   what the body is read from says
 *
 * Since: 1.0
 */
GBytes *
hf_mock_call_load_body (HfMockCall  *self,
                        GError     **error)
{
  GBytes *loaded;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->body == NULL)
    return g_bytes_new_static ("", 0);

  g_mutex_lock (&self->lock);
  loaded = self->loaded != NULL ? g_bytes_ref (self->loaded) : NULL;
  g_mutex_unlock (&self->lock);
  if (loaded != NULL)
    return loaded;

  loaded = load_body (self->body, error);
  if (loaded == NULL)
    return NULL;

  g_mutex_lock (&self->lock);
  if (self->loaded == NULL)
    self->loaded = g_bytes_ref (loaded);
  g_mutex_unlock (&self->lock);
  return loaded;
}

/**
 * hf_mock_call_append_header:
 * @self: a call
 * @name: the field's name
 * @value: the field's value
 *
 * Adds a header field to the answer, before that is given. A name may be repeated, as that of
 * `Set-Cookie` is.
 *
 * Since: 1.0
 */
void
hf_mock_call_append_header (HfMockCall *self,
                            const char *name,
                            const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->fields, g_strdup (name));
  g_ptr_array_add (self->fields, g_strdup (value));
  g_mutex_unlock (&self->lock);
}

static HfHeaders *
mock_call_dup_fields (HfMockCall *self)
{
  HfHeaders *fields = hf_headers_new ();

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->fields->len; i += 2)
    hf_headers_append (fields, g_ptr_array_index (self->fields, i),
                       g_ptr_array_index (self->fields, i + 1));
  g_mutex_unlock (&self->lock);
  return fields;
}

/**
 * hf_mock_call_respond:
 * @self: a call
 * @status: the status code, such as 200
 * @body: (nullable): what the response's body is, or %NULL for nothing
 *
 * Answers the request. Only the first answer counts, and none that comes too late.
 *
 * A body that is not in memory is read now, blocking; when that fails, the request does. The media
 * type of @body becomes the `Content-Type` unless there is such a field. The body is
 * taken as it is: no content encoding is undone.
 *
 * Since: 1.0
 */
void
hf_mock_call_respond (HfMockCall *self,
                      guint       status,
                      HfBody     *body)
{
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;
  const char *type;
  HfHeaders *fields;

  g_return_if_fail (self != NULL);
  g_return_if_fail (status >= 100 && status <= 999);
  g_return_if_fail (body == NULL || HF_IS_BODY (body));

  bytes = body != NULL ? load_body (body, &error) : g_bytes_new_static ("", 0);
  if (bytes == NULL)
    {
      hf_mock_answer_give (self->answer, NULL, error);
      return;
    }

  fields = mock_call_dup_fields (self);
  type = body != NULL ? hf_body_get_content_type (body) : NULL;
  if (type != NULL && hf_headers_peek (fields, "Content-Type") == NULL)
    hf_headers_append (fields, "Content-Type", type);
  hf_mock_answer_give (self->answer,
                       hf_response_new (status, NULL, fields, g_steal_pointer (&bytes)), NULL);
}

/**
 * hf_mock_call_fail:
 * @self: a call
 * @error: why there is no answer; it is copied
 *
 * Makes the request fail as if no server had answered.
 *
 * An error of this library's own becomes that of the future. One of GIO's is taken for what a
 * connection said, so `G_IO_ERROR_CONNECTION_REFUSED` becomes `HF_ERROR_CONNECT`.
 *
 * Since: 1.0
 */
void
hf_mock_call_fail (HfMockCall   *self,
                   const GError *error)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (error != NULL);

  hf_mock_answer_give (self->answer, NULL, g_error_copy (error));
}
