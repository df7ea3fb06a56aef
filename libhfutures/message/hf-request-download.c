/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

/* What a request wants to become of the response's body. */

/**
 * hf_request_get_stream:
 * @self: a request
 *
 * Gives [property@Request:stream].
 *
 * Returns: whether the body is to be read from a stream
 *
 * Since: 1.0
 */
gboolean
hf_request_get_stream (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), FALSE);

  return self->data->stream;
}

/**
 * hf_request_set_stream:
 * @self: a request that was not submitted
 * @stream: whether the body is to be read from a stream
 *
 * Sets [property@Request:stream].
 *
 * Since: 1.0
 */
void
hf_request_set_stream (HfRequest *self,
                       gboolean   stream)
{
  stream = !!stream;
  HF_REQUEST_CHANGE (REQUEST_SETTING_STREAM, stream, stream);
}

/**
 * hf_request_get_destination:
 * @self: a request
 *
 * Gives [property@Request:destination].
 *
 * Returns: (transfer none) (nullable): a [iface@Gio.File] or a [class@Gio.OutputStream], owned by
 *   @self, or %NULL for none
 *
 * Since: 1.0
 */
GObject *
hf_request_get_destination (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->destination;
}

/**
 * hf_request_set_destination:
 * @self: a request that was not submitted
 * @destination: (nullable): a [iface@Gio.File] or a [class@Gio.OutputStream], or %NULL for none
 *
 * Sets [property@Request:destination].
 *
 * A file is written under another name beside its own, and gets its own name, in place of a file
 * that was there, when the body is complete and the future is about to settle; if anything goes
 * wrong it is removed again. The file has the permissions of a new one. A symbolic link is
 * replaced, too; a folder, a device or a pipe is not.
 *
 * A stream is written to as the body comes, on the worker, or on its loop with asynchronous writes.
 * It is flushed at the end, not closed. If anything goes wrong it has what came until then.
 *
 * What cannot be written is the future's error, `HF_ERROR_FAILED`; its cause is GIO's.
 *
 * Since: 1.0
 */
void
hf_request_set_destination (HfRequest *self,
                            GObject   *destination)
{
  g_return_if_fail (destination == NULL || G_IS_FILE (destination) ||
                    G_IS_OUTPUT_STREAM (destination));

  HF_REQUEST_CHANGE_OBJECT (REQUEST_SETTING_DESTINATION, destination, destination);
}

/**
 * hf_request_get_max_decompression_ratio:
 * @self: a request
 *
 * Gives [property@Request:max-decompression-ratio].
 *
 * Returns: to how many times its size a compressed body may expand; 0 for the session's limit
 *
 * Since: 1.0
 */
guint
hf_request_get_max_decompression_ratio (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);

  return self->data->max_decompression_ratio;
}

/**
 * hf_request_set_max_decompression_ratio:
 * @self: a request that was not submitted
 * @max_decompression_ratio: to how many times its size a compressed body may expand; 0 for the
 *   session's limit
 *
 * Sets [property@Request:max-decompression-ratio].
 *
 * Since: 1.0
 */
void
hf_request_set_max_decompression_ratio (HfRequest *self,
                                        guint      max_decompression_ratio)
{
  HF_REQUEST_CHANGE (REQUEST_SETTING_MAX_DECOMPRESSION_RATIO, max_decompression_ratio,
                     max_decompression_ratio);
}
