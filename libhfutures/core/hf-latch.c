/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-latch-private.h"

#include "hf-blocking-private.h"
#include "hf-mailbox-private.h"

/* One lock for the waiting at all latches, since threads that wait at several may wait for one
 * another. What is often done, counting, does without it. */
static GMutex waiting_lock;

struct _HfLatch {
  gatomicrefcount ref_count;
  HfLatch *outer;     /* owned, const, nullable: counts the same, and more */
  int count;          /* atomic */
  int watched;        /* atomic: how many wait, or want to be called */

  /* Guarded by waiting_lock. */
  int own_waiting;    /* of the things under way, those whose own threads wait, here or elsewhere */
  GPtrArray *waiting; /* owned; of HfLatchWait, on the stacks that wait */
  GArray *calls;      /* owned; of HfLatchCall */
};

typedef struct {
  HfLatchFunc func;
  gpointer user_data;
} HfLatchCall;

struct _HfLatchWait {
  HfLatch *latch;
  HfMailbox *mailbox;   /* its thread's */
  HfLatchFrame *frames; /* the frames of its thread that it has added to their own_waiting */
  gboolean in_middle;   /* whether its thread is in the middle of anything under way */
  gboolean released;    /* guarded by waiting_lock: it is over, and its frames count no more */
};

static GPrivate innermost_frame; /* of HfLatchFrame, on this thread's stack */

/*
 * hf_latch_new:
 * @outer: (nullable): what counts everything that this one does
 */
HfLatch *
hf_latch_new (HfLatch *outer)
{
  HfLatch *self = g_new0 (HfLatch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->outer = outer != NULL ? hf_latch_ref (outer) : NULL;
  self->waiting = g_ptr_array_new ();
  self->calls = g_array_new (FALSE, FALSE, sizeof (HfLatchCall));
  return self;
}

HfLatch *
hf_latch_ref (HfLatch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_latch_unref (HfLatch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->waiting->len == 0);
  g_ptr_array_unref (self->waiting);
  g_array_unref (self->calls);
  g_clear_pointer (&self->outer, hf_latch_unref);
  g_free (self);
}

void
hf_latch_enter (HfLatch *self)
{
  for (HfLatch *latch = self; latch != NULL; latch = latch->outer)
    g_atomic_int_inc (&latch->count);
}

/* Tells those that wait. The count is what it was when one left: it may be more by now. */
static void
latch_tell (HfLatch *self,
            int      count)
{
  g_autoptr (GArray) calls = NULL;

  g_mutex_lock (&waiting_lock);
  for (guint i = 0; i < self->waiting->len; i++)
    {
      HfLatchWait *wait = g_ptr_array_index (self->waiting, i);

      if (count <= self->own_waiting)
        hf_mailbox_wake (wait->mailbox);
    }
  if (count == 0 && self->calls->len > 0)
    {
      calls = self->calls;
      self->calls = g_array_new (FALSE, FALSE, sizeof (HfLatchCall));
      g_atomic_int_add (&self->watched, -(int) calls->len);
    }
  g_mutex_unlock (&waiting_lock);

  for (guint i = 0; calls != NULL && i < calls->len; i++)
    {
      HfLatchCall *call = &g_array_index (calls, HfLatchCall, i);

      call->func (call->user_data);
    }
}

void
hf_latch_leave (HfLatch *self)
{
  g_autoptr (HfLatch) alive = hf_latch_ref (self); /* and so what it lies within */

  for (HfLatch *latch = self; latch != NULL; latch = latch->outer)
    {
      int count = g_atomic_int_add (&latch->count, -1) - 1;

      g_assert (count >= 0);

      /* Whoever waits says so before looking at the count, so one of the two sees the other. */
      if (g_atomic_int_get (&latch->watched) > 0)
        latch_tell (latch, count);
    }
}

/* Says that this thread now works for one of the things that @self counts. */
void
hf_latch_push_frame (HfLatch      *self,
                     HfLatchFrame *frame)
{
  frame->latch = self;
  frame->wait = NULL;
  frame->outer = g_private_get (&innermost_frame);
  g_private_set (&innermost_frame, frame);
}

void
hf_latch_pop_frame (HfLatchFrame *frame)
{
  g_assert (frame->wait == NULL);
  g_private_set (&innermost_frame, frame->outer);
}

static void
latch_wake_locked (HfLatch *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    hf_mailbox_wake (((HfLatchWait *) g_ptr_array_index (self->waiting, i))->mailbox);
}

/* Adds to the number of those whose own threads wait, wherever the frame's work is counted. */
static void
frame_add_waiting_locked (HfLatchFrame *frame,
                          int           by)
{
  for (HfLatch *latch = frame->latch; latch != NULL; latch = latch->outer)
    {
      latch->own_waiting += by;
      if (by > 0)
        latch_wake_locked (latch);
    }
}

/* The wait's frames count no more. */
static void
wait_release_locked (HfLatchWait *wait)
{
  wait->released = TRUE;
  for (HfLatchFrame *frame = wait->frames; frame != NULL; frame = frame->next_counted)
    frame_add_waiting_locked (frame, -1);
}

/* Lets go of all that wait in the middle of something: they can only wait for one another. */
static void
latch_release_locked (HfLatch *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    {
      HfLatchWait *wait = g_ptr_array_index (self->waiting, i);

      if (!wait->in_middle || wait->released)
        continue;
      wait_release_locked (wait);
      hf_mailbox_wake (wait->mailbox);
    }
}

static gboolean
latch_is_idle (gpointer user_data)
{
  HfLatchWait *wait = user_data;
  HfLatch *self = wait->latch;
  gboolean idle;

  g_mutex_lock (&waiting_lock);
  if (wait->in_middle)
    {
      if (!wait->released && g_atomic_int_get (&self->count) <= self->own_waiting)
        latch_release_locked (self);
      idle = wait->released;
    }
  else
    {
      idle = g_atomic_int_get (&self->count) == 0;
    }
  g_mutex_unlock (&waiting_lock);

  return idle;
}

/* Counts what this thread is in the middle of among what waits, at whichever latch, but for what is
 * counted already, by a wait further down this stack. */
static void
wait_count_frames_locked (HfLatchWait *wait)
{
  for (HfLatchFrame *frame = g_private_get (&innermost_frame); frame != NULL; frame = frame->outer)
    {
      wait->in_middle = TRUE;
      if (frame->wait != NULL && !frame->wait->released)
        continue;
      frame->wait = wait;
      frame->next_counted = wait->frames;
      wait->frames = frame;
      frame_add_waiting_locked (frame, 1);
    }
}

/*
 * hf_latch_wait_until:
 * @timeout_us: for how long to wait at most, in microseconds; negative: without limit
 * @cancellable: (nullable): ends the waiting
 *
 * Blocks, where this thread may, until nothing is under way. A thread that is itself in the middle
 * of something, here or at another latch, does not wait for what other such threads are in the
 * middle of that wait, too: that may not end before this function returns.
 *
 * Returns: whether nothing is left to wait for
 */
gboolean
hf_latch_wait_until (HfLatch      *self,
                     gint64        timeout_us,
                     GCancellable *cancellable)
{
  g_autoptr (HfMailbox) mailbox = NULL;
  HfLatchWait wait = { .latch = self };
  gboolean idle;

  if (hf_blocking_is_forbidden ())
    return g_atomic_int_get (&self->count) == 0;

  wait.mailbox = mailbox = hf_mailbox_ref_current ();

  g_mutex_lock (&waiting_lock);
  wait_count_frames_locked (&wait);
  g_ptr_array_add (self->waiting, &wait);
  g_atomic_int_inc (&self->watched);
  g_mutex_unlock (&waiting_lock);

  idle = hf_mailbox_wait_for (mailbox, latch_is_idle, &wait, timeout_us, cancellable);

  g_mutex_lock (&waiting_lock);
  idle = idle || wait.released;
  if (wait.in_middle && !wait.released)
    wait_release_locked (&wait); /* others have to wait for what this thread does again */
  for (HfLatchFrame *frame = g_private_get (&innermost_frame); frame != NULL; frame = frame->outer)
    if (frame->wait == &wait)
      frame->wait = NULL;
  g_ptr_array_remove_fast (self->waiting, &wait);
  g_atomic_int_add (&self->watched, -1);
  g_mutex_unlock (&waiting_lock);

  return idle;
}

void
hf_latch_wait (HfLatch *self)
{
  hf_latch_wait_until (self, -1, NULL);
}

/* Has @func called once when nothing is under way: at once, or on the thread that ends the last. */
void
hf_latch_call_when_idle (HfLatch     *self,
                         HfLatchFunc  func,
                         gpointer     user_data)
{
  HfLatchCall call = { func, user_data };

  g_mutex_lock (&waiting_lock);
  g_array_append_val (self->calls, call);
  g_atomic_int_inc (&self->watched);
  g_mutex_unlock (&waiting_lock);

  if (g_atomic_int_get (&self->count) == 0)
    latch_tell (self, 0);
}
