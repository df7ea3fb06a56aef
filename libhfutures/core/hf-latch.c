/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-latch-private.h"

#include "hf-mailbox-private.h"

struct _HfLatch {
  gatomicrefcount ref_count;
  GMutex lock;
  guint count;        /* guarded by lock */
  GPtrArray *waiting; /* owned; of HfMailbox, one reference each; guarded by lock */
  GArray *calls;      /* owned; of HfLatchCall; guarded by lock */
};

typedef struct {
  HfLatchFunc func;
  gpointer user_data;
} HfLatchCall;

typedef struct {
  HfLatch *latch;
  guint own;
} HfLatchCondition;

static GPrivate innermost_frame; /* of HfLatchFrame, on this thread's stack */

HfLatch *
hf_latch_new (void)
{
  HfLatch *self = g_new0 (HfLatch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
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
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
hf_latch_enter (HfLatch *self)
{
  g_mutex_lock (&self->lock);
  self->count++;
  g_mutex_unlock (&self->lock);
}

void
hf_latch_leave (HfLatch *self)
{
  g_autoptr (HfLatch) alive = hf_latch_ref (self);
  g_autoptr (GArray) calls = NULL;

  g_mutex_lock (&self->lock);
  g_assert (self->count > 0);
  self->count--;
  for (guint i = 0; i < self->waiting->len; i++)
    hf_mailbox_wake (g_ptr_array_index (self->waiting, i));
  if (self->count == 0 && self->calls->len > 0)
    {
      calls = self->calls;
      self->calls = g_array_new (FALSE, FALSE, sizeof (HfLatchCall));
    }
  g_mutex_unlock (&self->lock);

  for (guint i = 0; calls != NULL && i < calls->len; i++)
    {
      HfLatchCall *call = &g_array_index (calls, HfLatchCall, i);

      call->func (call->user_data);
    }
}

/* Says that this thread now works for one of the things that @self counts. */
void
hf_latch_push_frame (HfLatch      *self,
                     HfLatchFrame *frame)
{
  frame->latch = self;
  frame->outer = g_private_get (&innermost_frame);
  g_private_set (&innermost_frame, frame);
}

void
hf_latch_pop_frame (HfLatchFrame *frame)
{
  g_private_set (&innermost_frame, frame->outer);
}

static gboolean
latch_is_idle (gpointer user_data)
{
  HfLatchCondition *condition = user_data;
  gboolean idle;

  g_mutex_lock (&condition->latch->lock);
  idle = condition->latch->count <= condition->own;
  g_mutex_unlock (&condition->latch->lock);
  return idle;
}

/* Blocks until nothing is under way but what this very thread is in the middle of: that cannot
 * end before this function returns. */
void
hf_latch_wait (HfLatch *self)
{
  g_autoptr (HfMailbox) mailbox = hf_mailbox_ref_current ();
  HfLatchCondition condition = { self, 0 };

  for (HfLatchFrame *frame = g_private_get (&innermost_frame); frame != NULL; frame = frame->outer)
    if (frame->latch == self)
      condition.own++;

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->waiting, mailbox);
  g_mutex_unlock (&self->lock);

  hf_mailbox_wait_for (mailbox, latch_is_idle, &condition, -1, NULL);

  g_mutex_lock (&self->lock);
  g_ptr_array_remove_fast (self->waiting, mailbox);
  g_mutex_unlock (&self->lock);
}

/* Has @func called once when nothing is under way: at once, or on the thread that ends the last. */
void
hf_latch_call_when_idle (HfLatch     *self,
                         HfLatchFunc  func,
                         gpointer     user_data)
{
  HfLatchCall call = { func, user_data };
  gboolean idle;

  g_mutex_lock (&self->lock);
  idle = self->count == 0;
  if (!idle)
    g_array_append_val (self->calls, call);
  g_mutex_unlock (&self->lock);

  if (idle)
    func (user_data);
}
