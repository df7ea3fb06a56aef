/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

#include "hf-blocking-private.h"

G_BEGIN_DECLS

/*
 * HfWorkerPool:
 *
 * Calls a function on the threads of a GThreadPool. A thread that waits in one of our waits lends
 * its place to another one, so calls that wait for one another cannot use up the threads.
 */
typedef struct _HfWorkerPool HfWorkerPool;

HfWorkerPool *hf_worker_pool_new           (guint            max_threads,
                                            GDestroyNotify   func);
void          hf_worker_pool_free          (HfWorkerPool    *self);

gboolean      hf_worker_pool_push          (HfWorkerPool    *self,
                                            gpointer         data,
                                            GError         **error);
guint         hf_worker_pool_get_n_threads (HfWorkerPool    *self);

G_END_DECLS
