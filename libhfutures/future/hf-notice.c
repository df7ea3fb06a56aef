/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-notice-private.h"

#include "hf-future-private.h"

/*
 * A notice brings the property changes of one future to the context in which it was submitted. A
 * context has at most one pending source for all its notices. They do not keep their futures, and
 * those of futures that are gone are swept out, so in a program that never iterates the context
 * nothing piles up.
 */

struct _HfNotice {
  gatomicrefcount ref_count; /* the future's, and the pending list's */
  int queued;                /* atomic */
  int retired;               /* atomic: the future is gone */

  GMutex lock;
  HfFuture *alive;           /* not owned; guarded by lock; NULL: it is being disposed of */
  guint n_telling;           /* guarded by lock: how often its changes are being told now */
  HfFuture *kept;            /* owned, nullable; guarded by lock: what would be gone else, until
                              * they have been told */
};

typedef struct {
  GMainContext *context; /* not owned: the context owns the source that owns this */
  GPtrArray *notices;    /* owned; of HfNotice; guarded by pending_lock */
  guint sweep_at;        /* guarded by pending_lock: the length at which to look for retired ones */
} HfPending;

static GMutex pending_lock;
static GHashTable *pending_by_context; /* GMainContext → HfPending; guarded by pending_lock */

static void
notice_unref (gpointer data)
{
  HfNotice *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_mutex_clear (&self->lock);
  g_free (self);
}

HfNotice *
hf_notice_new (HfFuture *future)
{
  HfNotice *self = g_new0 (HfNotice, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->alive = future;
  return self;
}

HfNotice *
hf_notice_ref (HfNotice *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_notice_unref (HfNotice *self)
{
  notice_unref (self);
}

/*
 * hf_notice_set_bytes:
 *
 * By who works for a future that it must not keep alive, and that may be gone.
 *
 * g_weak_ref_get() takes a reference under a lock of GLib's; in Python that may have to wait for
 * who holds the interpreter, and who holds it for that lock. So no reference is taken under a lock
 * anywhere here. What is done under this one waits for nobody.
 */
void
hf_notice_set_bytes (HfNotice      *self,
                     const HfBytes *bytes,
                     gint64         now_us)
{
  g_mutex_lock (&self->lock);
  if (self->alive != NULL)
    hf_future_set_bytes (self->alive, bytes, now_us);
  g_mutex_unlock (&self->lock);
}

/* Returns: (nullable): the future, which stays until notice_end_telling() */
static HfFuture *
notice_begin_telling (HfNotice *self)
{
  HfFuture *future;

  g_mutex_lock (&self->lock);
  future = self->alive;
  if (future != NULL)
    self->n_telling++;
  g_mutex_unlock (&self->lock);
  return future;
}

static void
notice_end_telling (HfNotice *self)
{
  g_autoptr (HfFuture) kept = NULL;

  g_mutex_lock (&self->lock);
  if (--self->n_telling == 0)
    kept = g_steal_pointer (&self->kept);
  g_mutex_unlock (&self->lock);
}

/*
 * hf_notice_keep:
 * @self: (nullable): the notice of a future whose last reference is going
 *
 * Returns: whether the future stays for now, because its changes are being told
 */
gboolean
hf_notice_keep (HfNotice *self)
{
  HfFuture *future;
  gboolean keep;

  if (self == NULL)
    return FALSE;

  /* Before the lock; if it is for nothing the one that is going is still there. */
  g_mutex_lock (&self->lock);
  future = self->alive;
  g_mutex_unlock (&self->lock);
  if (future == NULL)
    return FALSE;
  g_object_ref (future);

  g_mutex_lock (&self->lock);
  keep = self->n_telling > 0 && self->kept == NULL;
  if (keep)
    self->kept = future;
  else
    self->alive = NULL;
  g_mutex_unlock (&self->lock);

  if (!keep)
    g_object_unref (future);
  return keep;
}

/* The future is being finalized. */
void
hf_notice_retire (HfNotice *self)
{
  g_mutex_lock (&self->lock);
  self->alive = NULL;
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->retired, TRUE);
  notice_unref (self);
}

/* Takes the pending list away from where others add to it. */
static GPtrArray *
pending_steal (HfPending *pending)
{
  GPtrArray *notices;

  g_mutex_lock (&pending_lock);
  if (g_hash_table_lookup (pending_by_context, pending->context) == pending)
    g_hash_table_remove (pending_by_context, pending->context);
  notices = g_steal_pointer (&pending->notices);
  g_mutex_unlock (&pending_lock);

  return notices;
}

static gboolean
pending_dispatch (gpointer data)
{
  g_autoptr (GPtrArray) notices = pending_steal (data);

  for (guint i = 0; i < notices->len; i++)
    {
      HfNotice *notice = g_ptr_array_index (notices, i);
      HfFuture *future = notice_begin_telling (notice);

      g_atomic_int_set (&notice->queued, FALSE);
      if (future == NULL)
        continue;
      hf_future_emit_notify (future);
      notice_end_telling (notice);
    }

  return G_SOURCE_REMOVE;
}

/* It has run, or its context was freed. */
static void
pending_free (gpointer data)
{
  HfPending *pending = data;

  if (pending->notices != NULL)
    g_ptr_array_unref (pending_steal (pending));
  g_free (pending);
}

static void
pending_sweep_locked (HfPending *pending)
{
  guint kept = 0;

  for (guint i = 0; i < pending->notices->len; i++)
    {
      HfNotice *notice = g_ptr_array_index (pending->notices, i);

      if (g_atomic_int_get (&notice->retired))
        notice_unref (notice);
      else
        pending->notices->pdata[kept++] = notice;
    }

  for (guint i = kept; i < pending->notices->len; i++)
    pending->notices->pdata[i] = NULL;
  g_ptr_array_set_size (pending->notices, kept);
  pending->sweep_at = MAX (64, 2 * kept);
}

static void
notice_unref_nullable (gpointer data)
{
  if (data != NULL)
    notice_unref (data);
}

/*
 * hf_notice_queue:
 * @context: where to emit, kept alive by the caller meanwhile
 *
 * Has the future emit its changes from @context, soon. Nothing happens when that is so already.
 */
void
hf_notice_queue (HfNotice     *self,
                 GMainContext *context)
{
  HfPending *pending;
  g_autoptr (GSource) source = NULL;

  if (!g_atomic_int_compare_and_exchange (&self->queued, FALSE, TRUE))
    return;
  g_atomic_ref_count_inc (&self->ref_count);

  g_mutex_lock (&pending_lock);
  if (pending_by_context == NULL)
    pending_by_context = g_hash_table_new (NULL, NULL);
  pending = g_hash_table_lookup (pending_by_context, context);
  if (pending == NULL)
    {
      pending = g_new0 (HfPending, 1);
      pending->context = context;
      pending->notices = g_ptr_array_new_with_free_func (notice_unref_nullable);
      pending->sweep_at = 64;
      g_hash_table_insert (pending_by_context, context, pending);
      source = g_idle_source_new ();
    }
  else if (pending->notices->len >= pending->sweep_at)
    {
      pending_sweep_locked (pending);
    }
  g_ptr_array_add (pending->notices, self);
  g_mutex_unlock (&pending_lock);

  if (source != NULL)
    {
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_static_name (source, "libhfutures notify");
      g_source_set_callback (source, pending_dispatch, pending, pending_free);
      g_source_attach (source, context);
    }
}
