/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-body-private.h"

/* Bodies that are read while they are sent. */

static HfBodyPart *
body_part_alloc (gint64 length)
{
  HfBodyPart *self = g_atomic_rc_box_new0 (HfBodyPart);

  self->length = MAX (length, -1);
  return self;
}

/* Returns: (transfer full): a part in memory */
HfBodyPart *
hf_body_part_new_for_bytes (GBytes *bytes)
{
  HfBodyPart *self = body_part_alloc (g_bytes_get_size (bytes));

  self->bytes = g_bytes_ref (bytes);
  return self;
}

/* Returns: (transfer full): a part that is read when it is sent */
HfBodyPart *
hf_body_part_new_for_file (GFile *file)
{
  HfBodyPart *self = body_part_alloc (-1);

  self->file = g_object_ref (file);
  return self;
}

HfBodyPart *
hf_body_part_ref (HfBodyPart *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
body_part_clear (gpointer data)
{
  HfBodyPart *self = data;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->file);
  g_clear_object (&self->stream);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
}

void
hf_body_part_unref (HfBodyPart *self)
{
  g_atomic_rc_box_release_full (self, body_part_clear);
}

/*
 * hf_body_new_for_parts:
 * @parts: (transfer full): of HfBodyPart; with its free function
 */
HfBody *
hf_body_new_for_parts (GPtrArray  *parts,
                       const char *content_type,
                       const char *invalid_field)
{
  HfBody *self = g_object_new (HF_TYPE_BODY, NULL);

  self->parts = parts;
  self->content_type = g_strdup (content_type);
  self->invalid_field = g_strdup (invalid_field);
  return self;
}

static HfBody *
body_new_for_part (HfBodyPart *part,
                   const char *content_type)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_body_part_unref);

  g_ptr_array_add (parts, part);
  return hf_body_new_for_parts (parts, content_type, NULL);
}

/**
 * hf_body_new_for_file:
 * @file: what to send
 * @content_type: (nullable): the media type for the `Content-Type` field, or %NULL for none
 *
 * Makes a body of a file, which is read while it is sent, and never as a whole.
 *
 * The file is opened each time that the body is sent. It must not change meanwhile.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_file (GFile      *file,
                      const char *content_type)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return body_new_for_part (hf_body_part_new_for_file (file), content_type);
}

/**
 * hf_body_new_for_stream:
 * @stream: what to send, from where it is at
 * @length: how many bytes that is, or -1 if it is not known
 * @content_type: (nullable): the media type for the `Content-Type` field, or %NULL for none
 *
 * Makes a body of a stream, which can be sent once. It is read on a worker, and closed by whoever
 * sends it, also when the request fails.
 *
 * Without a length it is sent in chunks (RFC 9112 §7.1), which servers for HTTP/1.0 do not know.
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_stream (GInputStream *stream,
                        gint64        length,
                        const char   *content_type)
{
  HfBodyPart *part;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);

  part = body_part_alloc (length);
  part->stream = g_object_ref (stream);
  part->once = TRUE;
  return body_new_for_part (part, content_type);
}

/**
 * hf_body_new_for_stream_func:
 * @func: (scope notified) (closure user_data) (destroy destroy): what opens the stream
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data, on any thread
 * @length: how many bytes a stream gives, or -1 if it is not known
 * @content_type: (nullable): the media type for the `Content-Type` field, or %NULL for none
 *
 * Makes a body of streams that @func opens, one each time that the body is sent. @func is called on
 * the worker; [callback@BodyStreamFunc] says more. JavaScript cannot be called there.
 *
 * Without a length it is sent in chunks (RFC 9112 §7.1).
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_stream_func (HfBodyStreamFunc  func,
                             gpointer          user_data,
                             GDestroyNotify    destroy,
                             gint64            length,
                             const char       *content_type)
{
  HfBodyPart *part;

  g_return_val_if_fail (func != NULL, NULL);

  part = body_part_alloc (length);
  part->stream_func = func;
  part->user_data = user_data;
  part->destroy = destroy;
  return body_new_for_part (part, content_type);
}

/**
 * hf_body_new_for_read_func:
 * @func: (scope notified) (closure user_data) (destroy destroy): what gives the bytes
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data, on any thread
 * @length: how many bytes that are, or -1 if it is not known
 * @repeatable: whether @func can begin anew
 * @content_type: (nullable): the media type for the `Content-Type` field, or %NULL for none
 *
 * Makes a body of what @func gives, piece after piece. @func is called on the worker;
 * [callback@BodyReadFunc] says more. JavaScript cannot be called there.
 *
 * Without a length it is sent in chunks (RFC 9112 §7.1).
 *
 * Returns: (transfer full): a body
 *
 * Since: 1.0
 */
HfBody *
hf_body_new_for_read_func (HfBodyReadFunc  func,
                           gpointer        user_data,
                           GDestroyNotify  destroy,
                           gint64          length,
                           gboolean        repeatable,
                           const char     *content_type)
{
  HfBodyPart *part;

  g_return_val_if_fail (func != NULL, NULL);

  part = body_part_alloc (length);
  part->read_func = func;
  part->user_data = user_data;
  part->destroy = destroy;
  part->once = !repeatable;
  return body_new_for_part (part, content_type);
}
