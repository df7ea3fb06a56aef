/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-mailbox-private.h"

#include "hf-blocking-private.h"

/*
 * Each thread that waits, or that asks for work in its own context, has a mailbox: what it sleeps
 * on, and the work that others posted for it. Work is posted to a GMainContext and to the mailbox;
 * whichever comes first runs it, so it is done by a running main loop as well as by a thread that
 * blocks in one of our waits.
 */

struct _HfMailbox {
  gatomicrefcount ref_count;
  GMutex lock;
  GCond woken;
  guint64 serial;     /* guarded by lock: counts what may have changed a waited-for condition */
  gboolean sleeping;  /* guarded by lock: its thread waits for the serial to change */
  GQueue calls;       /* of HfMailboxCall, each a reference; guarded by lock */
  gboolean abandoned; /* guarded by lock: its thread has ended */
};

struct _HfMailboxCall {
  gatomicrefcount ref_count; /* one for the source, one for the queue */
  int claimed;               /* atomic: set by whoever runs it */
  GDestroyNotify func;
  GDestroyNotify dropped;    /* called instead when nobody is left who could call func */
  gpointer user_data;
  HfMailbox *mailbox;        /* owned */
  GSource *source;           /* owned */
  GList link;                /* in mailbox->calls; guarded by its lock */
  gboolean queued;           /* guarded by the mailbox's lock */
};

static void mailbox_abandon (gpointer data);

static GPrivate current_mailbox = G_PRIVATE_INIT (mailbox_abandon);

static void
call_unref (gpointer data)
{
  HfMailboxCall *call = data;

  if (!g_atomic_ref_count_dec (&call->ref_count))
    return;

  if (!g_atomic_int_get (&call->claimed))
    call->dropped (call->user_data);
  g_source_unref (call->source);
  hf_mailbox_unref (call->mailbox);
  g_free (call);
}

/* Returns: the calling thread's mailbox, made on first use. */
HfMailbox *
hf_mailbox_ref_current (void)
{
  HfMailbox *self = g_private_get (&current_mailbox);

  if (self == NULL)
    {
      self = g_new0 (HfMailbox, 1);
      g_atomic_ref_count_init (&self->ref_count);
      g_mutex_init (&self->lock);
      g_cond_init (&self->woken);
      g_queue_init (&self->calls);
      g_private_set (&current_mailbox, self);
    }

  return hf_mailbox_ref (self);
}

HfMailbox *
hf_mailbox_ref (HfMailbox *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_mailbox_unref (HfMailbox *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->calls.length == 0);
  g_cond_clear (&self->woken);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static HfMailboxCall *
mailbox_pop (HfMailbox *self)
{
  HfMailboxCall *call = NULL;
  GList *link;

  g_mutex_lock (&self->lock);
  link = g_queue_pop_head_link (&self->calls);
  if (link != NULL)
    {
      call = link->data;
      call->queued = FALSE;
    }
  g_mutex_unlock (&self->lock);

  return call;
}

/* The thread ends: what is left is for the contexts alone. */
static void
mailbox_abandon (gpointer data)
{
  HfMailbox *self = data;
  HfMailboxCall *call;

  g_mutex_lock (&self->lock);
  self->abandoned = TRUE;
  g_mutex_unlock (&self->lock);

  while ((call = mailbox_pop (self)) != NULL)
    call_unref (call);
  hf_mailbox_unref (self);
}

/* Makes a thread that waits on the mailbox look at its condition again. */
void
hf_mailbox_wake (HfMailbox *self)
{
  gboolean sleeping;

  g_mutex_lock (&self->lock);
  self->serial++;
  sleeping = self->sleeping;
  g_mutex_unlock (&self->lock);

  /* Signalling is a system call, and whoever is woken under the lock has to wait for it. */
  if (sleeping)
    g_cond_signal (&self->woken);
}

static gboolean
call_dispatch (gpointer data)
{
  HfMailboxCall *call = data;
  HfMailbox *mailbox = call->mailbox;
  gboolean mine = g_atomic_int_compare_and_exchange (&call->claimed, FALSE, TRUE);
  gboolean was_queued;

  g_mutex_lock (&mailbox->lock);
  was_queued = call->queued;
  if (was_queued)
    {
      g_queue_unlink (&mailbox->calls, &call->link);
      call->queued = FALSE;
    }
  g_mutex_unlock (&mailbox->lock);

  if (mine)
    call->func (call->user_data);
  if (was_queued)
    call_unref (call);
  return G_SOURCE_REMOVE;
}

/*
 * hf_mailbox_post:
 *
 * Has @func called once, by @context or by the mailbox's own thread when that waits; or @dropped,
 * anywhere, when both have come to their end before.
 *
 * Returns: (transfer full): the call, to be revoked or given up
 */
HfMailboxCall *
hf_mailbox_post (HfMailbox      *self,
                 GMainContext   *context,
                 GDestroyNotify  func,
                 GDestroyNotify  dropped,
                 gpointer        user_data)
{
  HfMailboxCall *call = g_new0 (HfMailboxCall, 1);

  g_atomic_ref_count_init (&call->ref_count); /* this function's */
  call->func = func;
  call->dropped = dropped;
  call->user_data = user_data;
  call->mailbox = hf_mailbox_ref (self);
  call->link.data = call;
  call->source = g_idle_source_new ();
  g_source_set_priority (call->source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (call->source, "libhfutures call in context");
  g_atomic_ref_count_inc (&call->ref_count); /* the source's */
  g_source_set_callback (call->source, call_dispatch, call, call_unref);
  g_source_attach (call->source, context);

  g_mutex_lock (&self->lock);
  if (!self->abandoned && !g_atomic_int_get (&call->claimed))
    {
      g_atomic_ref_count_inc (&call->ref_count); /* the queue's */
      g_queue_push_tail_link (&self->calls, &call->link);
      call->queued = TRUE;
    }
  g_mutex_unlock (&self->lock);

  hf_mailbox_wake (self);
  return call;
}

void
hf_mailbox_call_unref (HfMailboxCall *call)
{
  call_unref (call);
}

/* Makes sure that the call will not begin any more; it may be under way. */
void
hf_mailbox_call_revoke (HfMailboxCall *call)
{
  HfMailbox *mailbox = call->mailbox;
  gboolean was_queued;

  if (!g_atomic_int_compare_and_exchange (&call->claimed, FALSE, TRUE))
    return;

  g_mutex_lock (&mailbox->lock);
  was_queued = call->queued;
  if (was_queued)
    {
      g_queue_unlink (&mailbox->calls, &call->link);
      call->queued = FALSE;
    }
  g_mutex_unlock (&mailbox->lock);

  g_source_destroy (call->source);
  if (was_queued)
    call_unref (call);
  call->dropped (call->user_data);
}

/* Runs one posted call. Returns: whether there was one. */
static gboolean
mailbox_run_one (HfMailbox *self)
{
  HfMailboxCall *call = mailbox_pop (self);

  if (call == NULL)
    return FALSE;

  if (g_atomic_int_compare_and_exchange (&call->claimed, FALSE, TRUE))
    {
      g_source_destroy (call->source);
      call->func (call->user_data);
    }
  call_unref (call);
  return TRUE;
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  hf_mailbox_wake (user_data);
}

static void
mailbox_unref_closure (gpointer  data,
                       GClosure *closure)
{
  hf_mailbox_unref (data);
}

/*
 * hf_mailbox_wait_for:
 * @self: the calling thread's mailbox
 * @condition: asked again whenever the mailbox was woken; called under no lock
 * @timeout_us: for how long to wait, in microseconds; negative: without limit
 * @cancellable: (nullable): ends the waiting
 *
 * Sleeps until @condition is true, running what is posted for this thread meanwhile.
 *
 * Returns: what @condition said last
 */
gboolean
hf_mailbox_wait_for (HfMailbox       *self,
                     HfConditionFunc  condition,
                     gpointer         user_data,
                     gint64           timeout_us,
                     GCancellable    *cancellable)
{
  gint64 now = g_get_monotonic_time ();
  gint64 until = timeout_us < 0 || timeout_us > G_MAXINT64 - now ? G_MAXINT64 : now + timeout_us;
  const HfBlockingScope *scope;
  gulong handler = 0;
  gboolean met = condition (user_data);

  if (met)
    return TRUE;

  /* Not g_cancellable_connect(): its disconnection waits for running handlers, and this wait may
   * itself be running in one. */
  if (cancellable != NULL)
    handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled),
                                     hf_mailbox_ref (self), mailbox_unref_closure, 0);
  scope = hf_blocking_enter ();

  for (;;)
    {
      guint64 serial;
      gboolean late = FALSE;

      g_mutex_lock (&self->lock);
      serial = self->serial;
      g_mutex_unlock (&self->lock);

      met = condition (user_data);
      if (met || (cancellable != NULL && g_cancellable_is_cancelled (cancellable)))
        break;
      if (until != G_MAXINT64 && g_get_monotonic_time () >= until)
        break;
      if (mailbox_run_one (self))
        continue;

      g_mutex_lock (&self->lock);
      self->sleeping = TRUE;
      while (self->serial == serial && !late)
        {
          if (until == G_MAXINT64)
            g_cond_wait (&self->woken, &self->lock);
          else
            late = !g_cond_wait_until (&self->woken, &self->lock, until);
        }
      self->sleeping = FALSE;
      g_mutex_unlock (&self->lock);

      if (late)
        {
          met = condition (user_data);
          break;
        }
    }

  hf_blocking_leave (scope);
  if (handler != 0)
    g_signal_handler_disconnect (cancellable, handler);
  return met;
}
