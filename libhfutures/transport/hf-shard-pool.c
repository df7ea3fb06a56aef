/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-shard-pool-private.h"

/*
 * The shards that nobody uses now. They are lent to one thread at a time; those that were idle for
 * as long as their connections may be are freed by the clock.
 */

struct _HfShardPool {
  gatomicrefcount ref_count;
  GMutex lock;
  GQueue idle;               /* of HfShard, by their link, the warmest first; under lock */
  guint idle_timeout;        /* seconds; 0: never; guarded by lock */
  HfClock *clock;            /* const */
  HfTimer *janitor;          /* owned; guarded by lock: made when there is first something to do */
  gint64 janitor_due;        /* in microseconds of the clock; guarded by lock */
  gboolean closed;           /* guarded by lock: no shard will be asked for any more */
};

HfShardPool *
hf_shard_pool_new (void)
{
  HfShardPool *self = g_new0 (HfShardPool, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_queue_init (&self->idle);
  self->clock = hf_clock_get_default ();
  self->janitor_due = HF_CLOCK_NEVER;
  return self;
}

HfShardPool *
hf_shard_pool_ref (HfShardPool *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_shard_pool_unref (HfShardPool *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->idle.length == 0);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Closes the connections, for good. Those of streams that are still read are closed when they are
 * checked in. */
void
hf_shard_pool_close (HfShardPool *self)
{
  GQueue idle;
  HfTimer *janitor;
  HfShard *shard;

  g_mutex_lock (&self->lock);
  idle = self->idle;
  g_queue_init (&self->idle);
  self->closed = TRUE;
  janitor = g_steal_pointer (&self->janitor);
  g_mutex_unlock (&self->lock);

  if (janitor != NULL)
    hf_clock_remove (self->clock, janitor);
  while ((shard = g_queue_peek_head (&idle)) != NULL)
    {
      g_queue_unlink (&idle, &shard->link);
      hf_shard_free (shard);
    }
}

static gint64
shard_expires_locked (HfShardPool *self,
                      HfShard     *shard)
{
  return hf_clock_due_after (shard->idle_since, self->idle_timeout);
}

/* Takes the shards out whose time is over. Returns: when to look again */
static gint64
shard_pool_expire_locked (HfShardPool *self,
                          gint64       now,
                          GQueue      *expired)
{
  gint64 next = HF_CLOCK_NEVER;
  GList *following;

  for (GList *l = self->idle.head; l != NULL; l = following)
    {
      following = l->next;
      if (shard_expires_locked (self, l->data) <= now)
        {
          g_queue_unlink (&self->idle, l);
          g_queue_push_tail_link (expired, l);
        }
      else
        {
          next = MIN (next, shard_expires_locked (self, l->data));
        }
    }

  return next;
}

/* On the clock's thread. */
static gint64
janitor_tick (gpointer user_data,
              gint64   now)
{
  HfShardPool *self = user_data;
  GQueue expired = G_QUEUE_INIT;
  HfShard *shard;
  gint64 next;

  g_mutex_lock (&self->lock);
  next = shard_pool_expire_locked (self, now, &expired);
  self->janitor_due = next;
  g_mutex_unlock (&self->lock);

  while ((shard = g_queue_peek_head (&expired)) != NULL)
    {
      g_queue_unlink (&expired, &shard->link);
      hf_shard_free (shard);
    }

  return MIN (next, HF_CLOCK_NEVER - 1); /* a timer that is done cannot be brought forward */
}

/* Makes sure that the janitor comes by then. */
static void
shard_pool_arm_locked (HfShardPool *self,
                       gint64       due)
{
  if (due >= self->janitor_due)
    return;

  self->janitor_due = due;
  if (self->janitor != NULL)
    hf_clock_bring_forward (self->clock, self->janitor, due);
  else
    self->janitor = hf_clock_add (self->clock, due, janitor_tick, hf_shard_pool_ref (self),
                                  (GDestroyNotify) hf_shard_pool_unref);
}

/* For how long shards may be idle, in seconds; 0: for ever. Holds for those that are idle now. */
void
hf_shard_pool_set_idle_timeout (HfShardPool *self,
                                guint        idle_timeout)
{
  g_mutex_lock (&self->lock);
  self->idle_timeout = idle_timeout;
  for (GList *l = self->idle.head; l != NULL; l = l->next)
    shard_pool_arm_locked (self, shard_expires_locked (self, l->data));
  g_mutex_unlock (&self->lock);
}

/*
 * hf_shard_pool_check_out:
 *
 * Lends a shard whose connections were made as @config says: preferably one that has been at the
 * origin of @uri, else the one that was used last, else a new one.
 */
HfShard *
hf_shard_pool_check_out (HfShardPool        *self,
                         HfConnectionConfig *config,
                         GUri               *uri)
{
  HfShard *chosen = NULL;

  g_mutex_lock (&self->lock);
  for (GList *l = self->idle.head; l != NULL; l = l->next)
    {
      HfShard *shard = l->data;

      if (!hf_connection_config_equal (shard->config, config))
        continue;
      if (chosen == NULL)
        chosen = shard;
      if (hf_shard_knows (shard, uri))
        {
          chosen = shard;
          break;
        }
    }
  if (chosen != NULL)
    g_queue_unlink (&self->idle, &chosen->link);
  g_mutex_unlock (&self->lock);

  if (chosen == NULL)
    return hf_shard_new (config);

  hf_shard_set_config (chosen, config);
  return chosen;
}

/*
 * hf_shard_pool_check_in:
 * @uri: (nullable): where the shard was, when it probably has a connection there now
 *
 * Gives a shard back.
 */
void
hf_shard_pool_check_in (HfShardPool *self,
                        HfShard     *shard,
                        GUri        *uri)
{
  gboolean keep;

  shard->idle_since = hf_clock_now (self->clock);
  if (uri != NULL)
    hf_shard_note (shard, uri, shard->idle_since);

  g_mutex_lock (&self->lock);
  keep = !self->closed && !hf_shard_is_stale (shard, shard->idle_since, self->idle_timeout);
  if (keep)
    {
      g_queue_push_head_link (&self->idle, &shard->link);
      shard_pool_arm_locked (self, shard_expires_locked (self, shard));
    }
  g_mutex_unlock (&self->lock);

  if (!keep)
    hf_shard_free (shard);
}

guint
hf_shard_pool_get_n_idle (HfShardPool *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->idle.length;
  g_mutex_unlock (&self->lock);
  return n;
}
