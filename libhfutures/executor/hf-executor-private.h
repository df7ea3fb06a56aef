/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-executor.h"
#include "hf-job-private.h"
#include "hf-latch-private.h"

G_BEGIN_DECLS

struct _HfExecutor {
  GObject parent_instance;
};

struct _HfExecutorClass {
  GObjectClass parent_class;

  /* A job waits. Has hf_executor_run_next() called once on one of the executor's threads. */
  gboolean (*wake) (HfExecutor  *self,
                    GError     **error);
};

#define HF_EXECUTOR_GET_CLASS(object) \
  (G_TYPE_INSTANCE_GET_CLASS ((object), HF_TYPE_EXECUTOR, HfExecutorClass))
#define HF_EXECUTOR_CLASS(klass) \
  (G_TYPE_CHECK_CLASS_CAST ((klass), HF_TYPE_EXECUTOR, HfExecutorClass))

void     hf_executor_submit      (HfExecutor    *self,
                                  HfJob         *job,
                                  int            priority,
                                  gconstpointer  owner,
                                  const char    *lane);
void     hf_executor_submit_rest (HfExecutor    *self,
                                  HfJob         *job,
                                  int            priority,
                                  gconstpointer  owner,
                                  const char    *lane);
void     hf_executor_finish      (HfJob         *job);
gboolean hf_executor_withdraw    (HfExecutor    *self,
                                  HfJob         *job);
gboolean hf_executor_run_next    (HfExecutor    *self);
void     hf_executor_push_frame  (HfExecutor    *self,
                                  HfLatchFrame  *frame);
void     hf_executor_close_then  (HfExecutor    *self,
                                  HfCloseFlags   flags,
                                  HfLatchFunc    func,
                                  gpointer       user_data);

G_END_DECLS
