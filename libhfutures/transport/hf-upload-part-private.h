/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-body-private.h"

G_BEGIN_DECLS

/*
 * HfUploadPart:
 *
 * A part of a body while it is sent.
 */
typedef struct {
  HfBodyPart *part;      /* a reference */
  GInputStream *stream;  /* owned, nullable */
  GBytes *first;         /* owned, nullable: what was read from it before its turn */
  gint64 length;         /* bytes; -1: not known */
  guint64 n_read;        /* bytes */
  gboolean ended;
} HfUploadPart;

gboolean hf_upload_part_open  (HfUploadPart  *self,
                               gboolean       keep,
                               GCancellable  *cancellable,
                               GError       **error);
GBytes  *hf_upload_part_next  (HfUploadPart  *self,
                               GCancellable  *cancellable,
                               GError       **error);
void     hf_upload_part_close (HfUploadPart  *self);

G_END_DECLS
