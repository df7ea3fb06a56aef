/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * HfDelivery:
 *
 * Where a body is delivered to: a file, which appears when it is complete, or a stream. Errors are
 * what GIO says. The asynchronous functions call back in this thread's default context, with what
 * was given as their user data.
 */
typedef struct {
  GFile *file;            /* owned; NULL: a stream was given */
  GFile *part;            /* owned, nullable: what the file is called until it is complete */
  GOutputStream *stream;  /* owned, nullable */
} HfDelivery;

void     hf_delivery_init   (HfDelivery    *self,
                             GObject       *destination);
void     hf_delivery_clear  (HfDelivery    *self);
gboolean hf_delivery_begin  (HfDelivery    *self,
                             GCancellable  *cancellable,
                             GError       **error);
gboolean hf_delivery_finish (HfDelivery    *self,
                             GCancellable  *cancellable,
                             GError       **error);

/* @error: (transfer full) (nullable) */
typedef void (*HfDeliveryFunc) (GError   *error,
                                gpointer  user_data);

void     hf_delivery_begin_async   (HfDelivery     *self,
                                    GCancellable   *cancellable,
                                    HfDeliveryFunc  func,
                                    gpointer        user_data);
void     hf_delivery_finish_async  (HfDelivery     *self,
                                    GCancellable   *cancellable,
                                    HfDeliveryFunc  func,
                                    gpointer        user_data);
void     hf_delivery_abandon_async (HfDelivery     *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfDelivery, hf_delivery_clear)

G_END_DECLS
