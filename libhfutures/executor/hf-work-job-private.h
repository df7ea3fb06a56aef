/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-executor.h"
#include "hf-future.h"
#include "hf-job-private.h"

G_BEGIN_DECLS

/*
 * HfWorkJob:
 *
 * A function of the application's, from its submission to the settling of its future.
 */
typedef struct _HfWorkJob HfWorkJob;

#define HF_JOB(work_job) ((HfJob *) (work_job))

HfWorkJob *hf_work_job_new        (HfExecutor     *executor,
                                   HfWorkFunc      func,
                                   gpointer        user_data,
                                   GDestroyNotify  destroy);
HfWorkJob *hf_work_job_ref        (HfWorkJob      *self);
void       hf_work_job_unref      (HfWorkJob      *self);
HfFuture  *hf_work_job_get_future (HfWorkJob      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfWorkJob, hf_work_job_unref)

G_END_DECLS
