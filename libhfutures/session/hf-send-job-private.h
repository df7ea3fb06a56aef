/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-exchange-private.h"
#include "hf-futures-session-private.h"
#include "hf-job-private.h"
#include "hf-promise-private.h"

G_BEGIN_DECLS

#define HF_JOB(send_job) ((HfJob *) (send_job))

HfSendJob *hf_send_job_new             (HfFuturesSession *session,
                                        HfRequest        *request);
HfSendJob *hf_send_job_new_for_message (HfFuturesSession *session,
                                        SoupMessage      *message);
HfSendJob *hf_send_job_ref             (HfSendJob        *self);
void       hf_send_job_unref           (HfSendJob        *self);
HfFuture  *hf_send_job_get_future      (HfSendJob        *self);
void       hf_send_job_submit          (HfSendJob        *self);
GList     *hf_send_job_get_link        (HfSendJob        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSendJob, hf_send_job_unref)

G_END_DECLS
