/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-clock-private.h"
#include "hf-exchange-private.h"
#include "hf-futures-session-private.h"
#include "hf-job-private.h"
#include "hf-promise-private.h"
#include "hf-read-guard-private.h"

G_BEGIN_DECLS

typedef enum {
  HF_STAGE_WAITING, /* in the executor's queue */
  HF_STAGE_RUNNING, /* a worker is at it */
  HF_STAGE_HOOK,    /* a hook waits for its context */
  HF_STAGE_ENDED,
} HfStage;

struct _HfSendJob {
  HfJob parent;

  HfFuturesSession *session;     /* owned, const */
  HfRequest *original;           /* owned, nullable; what its hooks' closures may be tied to; until
                                  * the end */
  HfRequestData *request;        /* owned, const: what was submitted, with the session's defaults */
  GError *invalid;               /* owned, nullable: why it cannot be sent */
  SoupMessage *message;          /* owned, const, nullable: sent as it is */
  HfPromise *promise;            /* owned, const */
  HfSessionSettings settings;    /* owned, const but for the hooks */
  GList link;                    /* in the session's list; guarded by the session's lock */

  GMutex lock;
  HfStage stage;                 /* guarded by lock */
  gboolean stopped;              /* guarded by lock */
  HfMailboxCall *posted;         /* owned; guarded by lock: the hook that waits for its context */
  guint n_posted;                /* guarded by lock: counts the hooks that waited */
  GCancellable *cancellable;     /* owned; guarded by lock; made by the first worker */
  GMainContext *loop;            /* owned; guarded by lock: where it is cancelled; NULL: anywhere */
  gulong user_cancel_handler;    /* on the request's cancellable; const once submitted */

  HfClock *clock;                /* const */
  HfTimer *timer;                /* owned; guarded by lock */
  gint64 armed_for;              /* guarded by lock: when the timer asks at the latest */
  gint64 deadline_due;           /* const once submitted */
  gint64 phase_due;              /* guarded by lock */
  HfPhase phase;                 /* guarded by lock */
  GError *expired;               /* owned, nullable; guarded by lock: a worker process has been told
                                  * to stop, because of this */

  /* What follows belongs to whoever is at the job: a worker, or a hook's context. */
  gboolean begun;
  gboolean claimed_message;      /* the message is marked as in use by this job */
  HfExchange exchange;
  HfResponse *response;          /* owned; there from the hooks on */
  GValue value;                  /* owned; what a hook put in the response's place */
  HfReadGuard *guard;            /* owned, nullable: of a response that is to be a stream */
  gboolean delivered;            /* the body has gone where it was to go */
  guint next_hook;
};

#define HF_JOB(send_job) ((HfJob *) (send_job))

HfSendJob *hf_send_job_new             (HfFuturesSession *session,
                                        HfRequest        *request);
HfSendJob *hf_send_job_new_for_data    (HfFuturesSession *session,
                                        HfRequestData    *data);
HfSendJob *hf_send_job_new_for_message (HfFuturesSession *session,
                                        SoupMessage      *message);
HfSendJob *hf_send_job_ref             (HfSendJob        *self);
void       hf_send_job_unref           (HfSendJob        *self);
HfFuture  *hf_send_job_get_future      (HfSendJob        *self);
gboolean   hf_send_job_check_serializable
                                       (HfSendJob        *self,
                                        GError          **error);
void       hf_send_job_submit          (HfSendJob        *self);
GList     *hf_send_job_get_link        (HfSendJob        *self);

/* Between the files of the job. */
void       hf_send_job_end              (HfSendJob *self);
gboolean   hf_send_job_change_stage     (HfSendJob *self,
                                         HfStage    from,
                                         HfStage    to);
void       hf_send_job_stop             (gpointer   data);
void       hf_send_job_requeue          (HfSendJob *self);
void       hf_send_job_work             (HfSendJob *self);
void       hf_send_job_work_async       (HfSendJob *self);
void       hf_send_job_forget_posted    (HfSendJob *self);
void       hf_send_job_ensure_cancellable (HfSendJob *self);
void       hf_send_job_cancel_work      (HfSendJob *self);
void       hf_send_job_give_cancellable_back (HfSendJob *self);
void       hf_send_job_arm              (HfSendJob *self,
                                         gint64     due);
void       hf_send_job_fail_promise     (HfSendJob *self,
                                         GError    *error,
                                         GError    *cause);
void       hf_send_job_enter_phase      (HfSendJob *self,
                                         HfPhase    phase);
gboolean   hf_send_job_is_undelivered   (HfSendJob *self);
gboolean   hf_send_job_deliver          (HfSendJob *self);
typedef void (*HfDelivered)             (HfSendJob *self,
                                         gboolean   goes_on);
void       hf_send_job_deliver_async    (HfSendJob *self,
                                         HfDelivered func);
gboolean   hf_send_job_has_remote_hooks (HfSendJob *self);
gboolean   hf_send_job_call_remote_hooks (HfSendJob *self);
void       hf_send_job_go_on_with_hooks (HfSendJob *self,
                                         gboolean   on_worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSendJob, hf_send_job_unref)

G_END_DECLS
