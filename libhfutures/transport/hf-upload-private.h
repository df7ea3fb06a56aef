/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

#include "hf-transport-private.h"

G_BEGIN_DECLS

/*
 * HfUpload:
 *
 * A body while it is sent: one stream of all its parts, that fails where a part is not as long as
 * it was said to be. Blocking reads read on the thread that reads; others have a thread of GIO's
 * read ahead, since what they read from may block.
 */
#define HF_TYPE_UPLOAD (hf_upload_get_type ())
G_DECLARE_FINAL_TYPE (HfUpload, hf_upload, HF, UPLOAD, GInputStream)

HfUpload     *hf_upload_new        (HfHop         *hop);
gboolean      hf_upload_open       (HfUpload      *self,
                                    GCancellable  *cancellable,
                                    GError       **error);
void          hf_upload_open_async (HfUpload            *self,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
gboolean      hf_upload_open_finish (HfUpload     *self,
                                    GAsyncResult  *result,
                                    GError       **error);
gint64        hf_upload_get_length (HfUpload      *self);
const GError *hf_upload_get_error  (HfUpload      *self);
void          hf_upload_set_connection (HfUpload  *self,
                                    GSocketConnection *connection);
void          hf_upload_end        (HfUpload      *self);

G_END_DECLS
