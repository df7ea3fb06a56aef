/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-body-private.h"

#include "hf-form-private.h"

/**
 * HfBody:
 *
 * What a request sends: bytes in memory, a file, a stream, or a form with files.
 *
 * A body is immutable, so one may serve several requests, from any thread, and be sent again
 * after a redirect; [method@Body.is_repeatable] tells of those that can be sent only once. What is
 * not in memory is read while it is sent, a piece at a time.
 *
 * When it cannot be read, or turns out to be shorter or longer than it was said to be, the future
 * fails with `HF_ERROR_INVALID_REQUEST`, and [method@Future.dup_cause] says why.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (HfBody, hf_body, G_TYPE_OBJECT)

static void
hf_body_finalize (GObject *object)
{
  HfBody *self = HF_BODY (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_free (self->content_type);
  g_free (self->invalid_field);

  G_OBJECT_CLASS (hf_body_parent_class)->finalize (object);
}

static void
hf_body_class_init (HfBodyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_body_finalize;
}

static void
hf_body_init (HfBody *self)
{
}

/**
 * hf_body_new_for_bytes:
 * @bytes: what to send
 * @content_type: (nullable): the media type for the `Content-Type` field, or %NULL for none
 *
 * Makes a body of bytes. They are referenced, not copied.
 *
 * A `Content-Type` that is set on the request wins over the body's own.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_bytes (GBytes     *bytes,
                       const char *content_type)
{
  HfBody *self;

  g_return_val_if_fail (bytes != NULL, NULL);

  self = g_object_new (HF_TYPE_BODY, NULL);
  self->bytes = g_bytes_ref (bytes);
  self->content_type = g_strdup (content_type);
  return self;
}

/**
 * hf_body_new_for_data:
 * @data: (array length=length) (element-type guint8): what to send
 * @length: how many bytes that is
 * @content_type: (nullable): the media type for the `Content-Type` field, or %NULL for none
 *
 * Makes a body of bytes, which are copied.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_data (const guint8 *data,
                      gsize         length,
                      const char   *content_type)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  bytes = g_bytes_new (data, length);
  return hf_body_new_for_bytes (bytes, content_type);
}

/**
 * hf_body_new_for_text:
 * @text: what to send, in UTF-8
 * @content_type: (nullable): the media type, or %NULL for `text/plain; charset=utf-8`
 *
 * Makes a body of text, sent in UTF-8.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_text (const char *text,
                      const char *content_type)
{
  g_return_val_if_fail (text != NULL, NULL);

  return hf_body_new_for_data ((const guint8 *) text, strlen (text),
                               content_type != NULL ? content_type : "text/plain; charset=utf-8");
}

static HfBody *
body_new_for_encoded_form (GString *form)
{
  return hf_body_new_for_data ((const guint8 *) form->str, form->len,
                               "application/x-www-form-urlencoded");
}

/**
 * hf_body_new_for_form:
 * @pairs: (array zero-terminated=1): names and values in turn; a name may be repeated
 *
 * Makes a body as an HTML form sends it, `application/x-www-form-urlencoded`.
 *
 * The order is kept. An odd number of strings is a programmer's error.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_form (const char * const *pairs)
{
  g_autoptr (GString) form = g_string_new (NULL);

  g_return_val_if_fail (pairs != NULL, NULL);
  g_return_val_if_fail (g_strv_length ((char **) pairs) % 2 == 0, NULL);

  for (guint i = 0; pairs[i] != NULL; i += 2)
    hf_form_append_field (form, pairs[i], pairs[i + 1]);

  return body_new_for_encoded_form (form);
}

/**
 * hf_body_new_for_fields: (skip)
 * @first_name: (nullable): the name of a field
 * @...: its value, then names and values of others in turn
 *
 * Makes a body as [ctor@Body.new_for_form] does. %NULL ends the list.
 *
 * A name without a value is a programmer's error.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_fields (const char *first_name,
                        ...)
{
  g_autoptr (GString) form = g_string_new (NULL);
  const char *name = first_name;
  va_list rest;

  va_start (rest, first_name);
  while (name != NULL)
    {
      const char *value = va_arg (rest, const char *);

      if (value == NULL)
        break;
      hf_form_append_field (form, name, value);
      name = va_arg (rest, const char *);
    }
  va_end (rest);

  g_return_val_if_fail (name == NULL, NULL); /* else it has no value */
  return body_new_for_encoded_form (form);
}

/**
 * hf_body_new_for_json:
 * @node: the value to send
 *
 * Makes a body of JSON, `application/json`.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_json (JsonNode *node)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;
  gsize length;

  g_return_val_if_fail (node != NULL, NULL);

  json_generator_set_root (generator, node);
  text = json_generator_to_data (generator, &length);
  return hf_body_new_for_data ((const guint8 *) text, length, "application/json");
}

/**
 * hf_body_get_bytes:
 * @self: a body
 *
 * Gives what will be sent, if it is in memory.
 *
 * Returns: (transfer none) (nullable): the bytes, owned by @self; %NULL for files, streams and
 *   multipart bodies, which are read when they are sent
 *
 * Since: 1.0
 */
GBytes *
hf_body_get_bytes (HfBody *self)
{
  g_return_val_if_fail (HF_IS_BODY (self), NULL);

  return self->bytes;
}

/**
 * hf_body_get_length:
 * @self: a body
 *
 * Tells how long the body is.
 *
 * Returns: the length in bytes; -1 when it is not known before the body is sent, as that of a file
 *
 * Since: 1.0
 */
gint64
hf_body_get_length (HfBody *self)
{
  gint64 length = 0;

  g_return_val_if_fail (HF_IS_BODY (self), -1);

  if (self->bytes != NULL)
    return g_bytes_get_size (self->bytes);

  for (guint i = 0; i < self->parts->len; i++)
    {
      HfBodyPart *part = g_ptr_array_index (self->parts, i);

      if (part->length < 0)
        return -1;
      length += part->length;
    }
  return length;
}

/**
 * hf_body_is_repeatable:
 * @self: a body
 *
 * Tells whether the body can be sent more than once.
 *
 * That is needed for another request, and where the server redirects with a status that keeps the
 * body (307 and 308, RFC 9110 §15.4.8) or wants credentials. A future whose request would have to
 * send it again, and cannot, fails with `HF_ERROR_INVALID_REQUEST`; but a 401 is the response then.
 *
 * Returns: whether it can; %FALSE for those of [ctor@Body.new_for_stream]
 *
 * Since: 1.0
 */
gboolean
hf_body_is_repeatable (HfBody *self)
{
  g_return_val_if_fail (HF_IS_BODY (self), FALSE);

  for (guint i = 0; self->parts != NULL && i < self->parts->len; i++)
    if (((HfBodyPart *) g_ptr_array_index (self->parts, i))->once)
      return FALSE;
  return TRUE;
}

/**
 * hf_body_get_content_type:
 * @self: a body
 *
 * Gives the media type that the body brings along.
 *
 * Returns: (transfer none) (nullable): the media type, owned by @self; %NULL when it brings none
 *
 * Since: 1.0
 */
const char *
hf_body_get_content_type (HfBody *self)
{
  g_return_val_if_fail (HF_IS_BODY (self), NULL);

  return self->content_type;
}
