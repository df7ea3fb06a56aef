/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-job-private.h"

G_BEGIN_DECLS

typedef struct _HfDispatcher HfDispatcher;

HfDispatcher *hf_dispatcher_new       (void);
void          hf_dispatcher_free      (HfDispatcher  *self);

void          hf_dispatcher_push      (HfDispatcher  *self,
                                       HfJob         *job,
                                       int            priority,
                                       gconstpointer  owner,
                                       const char    *lane);
HfJob        *hf_dispatcher_pop       (HfDispatcher  *self);
gboolean      hf_dispatcher_withdraw  (HfDispatcher  *self,
                                       HfJob         *job);
guint         hf_dispatcher_get_n_jobs (HfDispatcher *self);

G_END_DECLS
