/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How far bodies have come, in bytes on the wire. */
typedef struct {
  guint64 sent;
  guint64 received;
  gboolean receiving; /* the headers of the response are there */
  gint64 total;       /* to be received then, and before that to be sent; -1: not known */
} HfBytes;

/*
 * HfProgress:
 *
 * The bytes of one future: written by who works for it, read by anybody.
 */
typedef struct {
  GMutex lock;
  HfBytes bytes;   /* guarded by lock */
  gint64 told_at;  /* monotonic, in microseconds; guarded by lock: when a change was last told */
  HfBytes told;    /* only used in the future's context */
} HfProgress;

void     hf_progress_init  (HfProgress    *self);
void     hf_progress_clear (HfProgress    *self);
gboolean hf_progress_set   (HfProgress    *self,
                            const HfBytes *bytes,
                            gint64         now_us);
HfBytes  hf_progress_get   (HfProgress    *self);

/* The properties of a future that show it. */
void     hf_progress_install_properties (GObjectClass *object_class,
                                         guint         first_id);
void     hf_progress_get_property       (HfProgress   *self,
                                         guint         property,
                                         GValue       *value);
void     hf_progress_emit_notify        (HfProgress   *self,
                                         GObject      *object);

G_END_DECLS
