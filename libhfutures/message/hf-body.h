/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <json-glib/json-glib.h>

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_BODY (hf_body_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfBody, hf_body, HF, BODY, GObject)

/**
 * HfBodyStreamFunc:
 * @user_data: the data given when the body was made
 * @error: return location for a [struct@GLib.Error]
 *
 * Opens what a body sends; see [ctor@Body.new_for_stream_func].
 *
 * It is called each time that the body is sent, on the worker that sends; on a thread of GIO's
 * where the executor works on a loop. So it may block. The stream is read there, too, and closed.
 *
 * Returns: (transfer full) (nullable): a stream that begins at the body's beginning; %NULL with
 *   @error set makes the future fail
 *
 * Since: 1.0
 */
typedef GInputStream *(*HfBodyStreamFunc) (gpointer   user_data,
                                           GError   **error);

/**
 * HfBodyReadFunc:
 * @offset: how many bytes it has given since the body's beginning; 0 where it is to begin anew
 * @user_data: the data given when the body was made
 * @error: return location for a [struct@GLib.Error]
 *
 * Gives the next piece of a body, of any size; see [ctor@Body.new_for_read_func].
 *
 * It is called on the worker that sends; on threads of GIO's where the executor works on a loop. So
 * it may block.
 *
 * Returns: (transfer full) (nullable): the bytes from @offset on; none, or %NULL without @error, is
 *   the end; %NULL with @error set makes the future fail
 *
 * Since: 1.0
 */
typedef GBytes *(*HfBodyReadFunc) (guint64    offset,
                                   gpointer   user_data,
                                   GError   **error);

HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_bytes    (GBytes             *bytes,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_data     (const guint8       *data,
                                      gsize               length,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_text     (const char         *text,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_form     (const char * const *pairs);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_fields   (const char         *first_name,
                                      ...) G_GNUC_NULL_TERMINATED;
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_json     (JsonNode           *node);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_file     (GFile              *file,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_stream   (GInputStream       *stream,
                                      gint64              length,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_stream_func (HfBodyStreamFunc func,
                                      gpointer            user_data,
                                      GDestroyNotify      destroy,
                                      gint64              length,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_read_func (HfBodyReadFunc     func,
                                      gpointer            user_data,
                                      GDestroyNotify      destroy,
                                      gint64              length,
                                      gboolean            repeatable,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_multipart (HfMultipart       *multipart);

HF_AVAILABLE_IN_1_0
GBytes     *hf_body_get_bytes        (HfBody             *self);
HF_AVAILABLE_IN_1_0
gint64      hf_body_get_length       (HfBody             *self);
HF_AVAILABLE_IN_1_0
gboolean    hf_body_is_repeatable    (HfBody             *self);
HF_AVAILABLE_IN_1_0
const char *hf_body_get_content_type (HfBody             *self);

G_END_DECLS
