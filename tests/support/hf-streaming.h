/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "libhfutures.h"

G_BEGIN_DECLS

/* A session on one kind of executor, and how what it streams is read. */
typedef struct {
  HfExecutor *executor;       /* owned */
  HfFuturesSession *session;  /* owned */
  gboolean in_context;        /* the executor's work is done in the default context */
  gboolean reads_async;
} HfStreaming;

/* "threads", "processes", "loop" or "context", and "-async" behind "threads" and "loop". */
void        hf_streaming_set_up     (HfStreaming      *self,
                                     gconstpointer     kind);
/* Everything has to be finalized then. */
void        hf_streaming_tear_down  (HfStreaming      *self,
                                     gconstpointer     kind);

/* These submit a request for a stream. */
HfFuture   *hf_streaming_get        (HfStreaming      *self,
                                     const char       *uri);
HfFuture   *hf_streaming_get_with   (HfStreaming      *self,
                                     const char       *uri,
                                     const char       *first_property,
                                     ...) G_GNUC_NULL_TERMINATED;

/* These wait, and iterate the default context where that is needed. */
HfResponse *hf_streaming_take       (HfStreaming      *self,
                                     HfFuture         *future,
                                     GError          **error);
gssize      hf_streaming_read       (HfStreaming      *self,
                                     GInputStream     *stream,
                                     void             *buffer,
                                     gsize             count,
                                     GCancellable     *cancellable,
                                     GError          **error);
GBytes     *hf_streaming_read_all   (HfStreaming      *self,
                                     HfResponse       *response,
                                     GError          **error);

/* Adds a test for every kind. */
void        hf_streaming_add_tests  (const char       *path,
                                     void            (*test) (HfStreaming   *self,
                                                              gconstpointer  kind));

G_END_DECLS
