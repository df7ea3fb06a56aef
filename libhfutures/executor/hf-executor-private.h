/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-clock-private.h"
#include "hf-executor.h"
#include "hf-home-private.h"
#include "hf-job-private.h"
#include "hf-latch-private.h"

G_BEGIN_DECLS

struct _HfExecutor {
  GObject parent_instance;
};

struct _HfExecutorClass {
  GObjectClass parent_class;

  /* A job waits. Has hf_executor_run_next() called once on one of the executor's threads, or
   * hf_executor_begin_next() on one of its loops. */
  gboolean (*wake) (HfExecutor  *self,
                    GError     **error);

  /* A job has left its place. Only where jobs have one. */
  void (*left) (HfExecutor *self,
                gpointer    place);

  /* Has something called that may block, elsewhere than on a loop. NULL: jobs run where they may
   * block anyhow. */
  gboolean (*call) (HfExecutor      *self,
                    GDestroyNotify   func,
                    gpointer         data,
                    GError         **error);

  /* It was closed, and has no work any more. Takes over a reference; possibly called several times.
   * NULL: nothing is to be done. */
  HfLatchFunc end;

  /* Where the executor's work is done, and what its times are measured with. NULL: on threads of
   * its own, and with the default clock. */
  HfHome *(*get_home) (HfExecutor *self);
  HfClock *(*get_clock) (HfExecutor *self);
};

#define HF_EXECUTOR_GET_CLASS(object) \
  (G_TYPE_INSTANCE_GET_CLASS ((object), HF_TYPE_EXECUTOR, HfExecutorClass))
#define HF_EXECUTOR_CLASS(klass) \
  (G_TYPE_CHECK_CLASS_CAST ((klass), HF_TYPE_EXECUTOR, HfExecutorClass))

void     hf_executor_submit_job  (HfExecutor    *self,
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
gboolean hf_executor_begin_next  (HfExecutor    *self,
                                  gpointer       place);
void     hf_executor_leave       (HfExecutor    *self,
                                  HfJob         *job);
gboolean hf_executor_has_loops   (HfExecutor    *self);
gboolean hf_executor_call        (HfExecutor    *self,
                                  GDestroyNotify func,
                                  gpointer       data,
                                  GError       **error);
void     hf_executor_cancel      (HfExecutor    *self,
                                  gboolean       running_too,
                                  const GError  *error);
void     hf_executor_abort       (HfJob         *job,
                                  const GError  *cause);
HfHome  *hf_executor_get_home    (HfExecutor    *self);
gboolean hf_executor_is_here     (HfExecutor    *self);
HfClock *hf_executor_get_clock   (HfExecutor    *self);
void     hf_executor_push_frame  (HfExecutor    *self,
                                  HfLatchFrame  *frame);
void     hf_executor_close_then  (HfExecutor    *self,
                                  HfCloseFlags   flags,
                                  HfLatchFunc    func,
                                  gpointer       user_data);

G_END_DECLS
