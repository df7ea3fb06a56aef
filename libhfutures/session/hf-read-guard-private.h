/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-clock-private.h"
#include "hf-futures-session-private.h"
#include "hf-promise-private.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

/*
 * HfReadGuard:
 *
 * What of a request still holds when its future has settled with a stream: its deadline, its read
 * timeout and its cancellable end the reads, and its bytes are counted. Any thread.
 */
#define HF_TYPE_READ_GUARD (hf_read_guard_get_type ())
G_DECLARE_FINAL_TYPE (HfReadGuard, hf_read_guard, HF, READ_GUARD, GObject)

extern const HfHopObserver hf_read_guard_observer;

HfReadGuard  *hf_read_guard_new       (HfRequestData           *request,
                                       const HfSessionSettings *settings,
                                       gint64                   deadline_due,
                                       HfExecutor              *executor,
                                       HfFuture                *future);
GCancellable *hf_read_guard_get_closing (HfReadGuard           *self);
gboolean      hf_read_guard_would_block (HfReadGuard           *self);
gboolean      hf_read_guard_was_cancelled (HfReadGuard         *self);
void          hf_read_guard_watch     (HfReadGuard             *self);
void          hf_read_guard_begin     (HfReadGuard             *self);
GError       *hf_read_guard_end       (HfReadGuard             *self,
                                       GError                  *failed);
void          hf_read_guard_retire    (HfReadGuard             *self);

G_END_DECLS
