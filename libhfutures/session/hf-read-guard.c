/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-read-guard-private.h"

#include "hf-blocking-private.h"
#include "hf-future-private.h"
#include "hf-notice-private.h"

struct _HfReadGuard {
  GObject parent_instance;

  HfRequestData *request;     /* owned, const */
  HfExecutor *executor;       /* owned, const: has the clock and the home */
  HfClock *clock;             /* const */
  double read_timeout;        /* seconds, const; 0: none */
  double deadline;            /* seconds, const; 0: none */
  gint64 deadline_due;        /* const */
  GCancellable *closing;      /* owned, const: ends the reads */
  HfNotice *notice;           /* a reference, const: of the future, which counts the bytes while
                               * anybody has it */
  gulong cancelled_handler;   /* on the request's cancellable; 0: none */

  GMutex lock;
  HfTimer *timer;             /* owned, nullable; guarded by lock */
  gint64 silent_since;        /* guarded by lock; of the read that goes on; 0: there is none */
  gboolean expired;           /* guarded by lock: its time was over */
  HfError code;               /* guarded by lock: which time */
};

G_DEFINE_FINAL_TYPE (HfReadGuard, hf_read_guard, G_TYPE_OBJECT)

static void
hf_read_guard_finalize (GObject *object)
{
  HfReadGuard *self = HF_READ_GUARD (object);

  g_assert (self->timer == NULL);

  hf_request_data_unref (self->request);
  g_object_unref (self->executor);
  g_object_unref (self->closing);
  hf_notice_unref (self->notice);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (hf_read_guard_parent_class)->finalize (object);
}

static void
hf_read_guard_class_init (HfReadGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_read_guard_finalize;
}

static void
hf_read_guard_init (HfReadGuard *self)
{
  g_mutex_init (&self->lock);
  self->closing = g_cancellable_new ();
}

static void
on_phase (HfHop   *hop,
          HfPhase  phase)
{
}

static void
on_activity (HfHop *hop)
{
  HfReadGuard *self = HF_READ_GUARD (hop->observer_data);
  const HfBytes bytes = {
    .sent = hop->n_sent,
    .received = hop->n_received,
    .receiving = TRUE,
    .total = hop->n_announced,
  };

  g_mutex_lock (&self->lock);
  if (self->silent_since != 0)
    self->silent_since = hf_clock_now (self->clock);
  g_mutex_unlock (&self->lock);
  hf_notice_set_bytes (self->notice, &bytes, g_get_monotonic_time ());
}

/* Nobody asks what is interim: such responses are not streamed. */
const HfHopObserver hf_read_guard_observer = { .phase = on_phase, .activity = on_activity };

/* On the clock's thread. It looks again when, at the earliest, there may be something to do, so no
 * read has to tell it of its beginning. */
static gint64
on_tick (gpointer user_data,
         gint64   now)
{
  HfReadGuard *self = user_data;
  gint64 silent_since;
  gint64 read_due;
  gint64 due;

  g_mutex_lock (&self->lock);
  silent_since = self->silent_since;
  read_due = hf_clock_due_after (silent_since != 0 ? silent_since : now, self->read_timeout);
  due = MIN (self->deadline_due, read_due);
  if (due <= now)
    {
      self->expired = TRUE;
      self->code = self->deadline_due <= now ? HF_ERROR_TIMEOUT_DEADLINE : HF_ERROR_TIMEOUT_READ;
    }
  g_mutex_unlock (&self->lock);

  if (due > now)
    return MIN (due, HF_CLOCK_NEVER - 1);

  g_cancellable_cancel (self->closing);
  return HF_CLOCK_NEVER;
}

static void
on_request_cancelled (GCancellable *cancellable,
                      gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
unref_closure (gpointer  data,
               GClosure *closure)
{
  g_object_unref (data);
}

/*
 * hf_read_guard_new:
 * @deadline_due: when the request has to be over, in time of the executor's clock
 */
HfReadGuard *
hf_read_guard_new (HfRequestData           *request,
                   const HfSessionSettings *settings,
                   gint64                   deadline_due,
                   HfExecutor              *executor,
                   HfFuture                *future)
{
  HfReadGuard *self = g_object_new (HF_TYPE_READ_GUARD, NULL);

  self->request = hf_request_data_ref (request);
  self->executor = g_object_ref (executor);
  self->clock = hf_executor_get_clock (executor);
  self->read_timeout = settings->read_timeout;
  self->deadline = settings->deadline;
  self->deadline_due = deadline_due;
  self->notice = hf_notice_ref (hf_future_ensure_notice (future));
  return self;
}

GCancellable *
hf_read_guard_get_closing (HfReadGuard *self)
{
  return self->closing;
}

/* Whether a blocking read here would keep the loop from reading. */
gboolean
hf_read_guard_would_block (HfReadGuard *self)
{
  return hf_blocking_is_forbidden () || hf_executor_is_here (self->executor);
}

/* Whether it was the user who ended the request. */
gboolean
hf_read_guard_was_cancelled (HfReadGuard *self)
{
  return self->request->cancellable != NULL &&
         g_cancellable_is_cancelled (self->request->cancellable);
}

/* Begins to watch, when the future is about to settle. hf_read_guard_retire() has to follow. */
void
hf_read_guard_watch (HfReadGuard *self)
{
  gint64 now = hf_clock_now (self->clock);
  gint64 due = MIN (self->deadline_due, hf_clock_due_after (now, self->read_timeout));
  GCancellable *cancellable = self->request->cancellable;

  if (cancellable != NULL)
    {
      gulong handler = g_signal_connect_data (cancellable, "cancelled",
                                              G_CALLBACK (on_request_cancelled),
                                              g_object_ref (self->closing), unref_closure, 0);

      g_mutex_lock (&self->lock);
      self->cancelled_handler = handler;
      g_mutex_unlock (&self->lock);
      if (g_cancellable_is_cancelled (cancellable))
        g_cancellable_cancel (self->closing);
    }

  if (due != HF_CLOCK_NEVER)
    {
      HfTimer *timer =
        hf_clock_add (self->clock, due, on_tick, g_object_ref (self), g_object_unref);

      g_mutex_lock (&self->lock);
      self->timer = timer;
      g_mutex_unlock (&self->lock);
    }

  /* Then the stream may have been closed before there was all that to be retired. */
  if (g_cancellable_is_cancelled (self->closing))
    hf_read_guard_retire (self);
}

/* Watches no more: the stream has been closed. May be called again. */
void
hf_read_guard_retire (HfReadGuard *self)
{
  HfTimer *timer;
  gulong handler;

  g_mutex_lock (&self->lock);
  timer = g_steal_pointer (&self->timer);
  handler = self->cancelled_handler;
  self->cancelled_handler = 0;
  g_mutex_unlock (&self->lock);

  if (handler != 0)
    g_signal_handler_disconnect (self->request->cancellable, handler);
  if (timer != NULL)
    hf_clock_remove (self->clock, timer);
}

/* A read begins. */
void
hf_read_guard_begin (HfReadGuard *self)
{
  g_mutex_lock (&self->lock);
  self->silent_since = hf_clock_now (self->clock);
  g_mutex_unlock (&self->lock);
}

/*
 * hf_read_guard_end:
 * @failed: (transfer full) (nullable): what the read said
 *
 * A read has ended.
 *
 * Returns: (transfer full) (nullable): what a user is told of that
 */
GError *
hf_read_guard_end (HfReadGuard *self,
                   GError      *failed)
{
  g_autoptr (GError) cause = failed;
  gboolean expired;
  HfError code;

  g_mutex_lock (&self->lock);
  self->silent_since = 0;
  expired = self->expired;
  code = self->code;
  g_mutex_unlock (&self->lock);

  if (failed == NULL || failed->domain == HF_ERROR)
    return g_steal_pointer (&cause);
  if (!g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return hf_error_new_for_cause (failed, HF_PHASE_READING, self->request->uri);
  if (expired)
    return hf_error_new_for_timeout (code,
                                     code == HF_ERROR_TIMEOUT_READ ? self->read_timeout
                                                                   : self->deadline,
                                     self->request->uri);
  if (hf_read_guard_was_cancelled (self))
    return hf_error_new_cancelled (self->request->uri);
  return g_steal_pointer (&cause);
}
