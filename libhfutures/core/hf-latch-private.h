/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * HfLatch:
 *
 * Counts what is under way, and lets others wait until nothing is. What one counts that lies within
 * another, that one counts, too.
 */
typedef struct _HfLatch HfLatch;
typedef struct _HfLatchFrame HfLatchFrame;
typedef struct _HfLatchWait HfLatchWait;

/* On the stack of whoever works for something that a latch counts. */
struct _HfLatchFrame {
  HfLatch *latch;
  HfLatchFrame *outer;
  HfLatchWait *wait; /* of its own thread: others that wait need not wait for this one */
  HfLatchFrame *next_counted;
};

typedef void (*HfLatchFunc) (gpointer user_data);

HfLatch  *hf_latch_new         (HfLatch      *outer);
HfLatch  *hf_latch_ref         (HfLatch      *latch);
void      hf_latch_unref       (HfLatch      *latch);

void      hf_latch_enter       (HfLatch      *latch);
void      hf_latch_leave       (HfLatch      *latch);

void      hf_latch_push_frame  (HfLatch      *latch,
                                HfLatchFrame *frame);
void      hf_latch_pop_frame   (HfLatchFrame *frame);

void      hf_latch_wait        (HfLatch      *latch);
gboolean  hf_latch_wait_until  (HfLatch      *latch,
                                gint64        timeout_us,
                                GCancellable *cancellable);
void      hf_latch_call_when_idle (HfLatch     *latch,
                                   HfLatchFunc  func,
                                   gpointer     user_data);

GTask    *hf_latch_task_new    (gpointer             source,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data,
                                gpointer             source_tag);
void      hf_latch_task_return (gpointer             user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfLatch, hf_latch_unref)

G_END_DECLS
