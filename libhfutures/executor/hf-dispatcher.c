/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-dispatcher-private.h"

/*
 * Decides which of the waiting jobs comes next.
 *
 * Jobs of a lower priority number come first. Among equals the owners (sessions) take turns, and
 * among the jobs of an owner its lanes (hosts) do, so nobody who submits many jobs keeps others
 * waiting. Within a lane the order is that of submission. Pushing, popping and withdrawing cost
 * O(1), but for the list of priorities, which is short.
 *
 * It has no lock: whoever owns it guards it.
 */

typedef struct {
  int priority;
  GQueue owners;         /* of HfOwner, linked through their link; the next one first */
} HfLevel;

typedef struct {
  gconstpointer key;
  HfLevel *level;
  GQueue lanes;          /* of HfLane, linked through their link; the next one first */
  GList link;
} HfOwner;

typedef struct {
  char *name;
  HfOwner *owner;
  GQueue jobs;           /* of HfJob, owned, linked through their link; the next one first */
  GList link;
} HfLane;

struct _HfDispatcher {
  GPtrArray *levels;     /* of HfLevel, none empty; the soonest first */
  GHashTable *owners;    /* set of HfOwner, by level and key */
  GHashTable *lanes;     /* set of HfLane, by owner and name */
  guint n_jobs;
};

static guint
owner_hash (gconstpointer data)
{
  const HfOwner *owner = data;

  return g_direct_hash (owner->key) ^ g_direct_hash (owner->level);
}

static gboolean
owner_equal (gconstpointer a,
             gconstpointer b)
{
  const HfOwner *one = a;
  const HfOwner *other = b;

  return one->key == other->key && one->level == other->level;
}

static guint
lane_hash (gconstpointer data)
{
  const HfLane *lane = data;

  return g_str_hash (lane->name) ^ g_direct_hash (lane->owner);
}

static gboolean
lane_equal (gconstpointer a,
            gconstpointer b)
{
  const HfLane *one = a;
  const HfLane *other = b;

  return one->owner == other->owner && g_str_equal (one->name, other->name);
}

HfDispatcher *
hf_dispatcher_new (void)
{
  HfDispatcher *self = g_new0 (HfDispatcher, 1);

  self->levels = g_ptr_array_new ();
  self->owners = g_hash_table_new (owner_hash, owner_equal);
  self->lanes = g_hash_table_new (lane_hash, lane_equal);
  return self;
}

/* Only for one that is empty. */
void
hf_dispatcher_free (HfDispatcher *self)
{
  g_assert (self->n_jobs == 0);

  g_hash_table_unref (self->lanes);
  g_hash_table_unref (self->owners);
  g_ptr_array_unref (self->levels);
  g_free (self);
}

static HfLevel *
dispatcher_ensure_level (HfDispatcher *self,
                         int           priority)
{
  HfLevel *level;
  guint low = 0;
  guint high = self->levels->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      level = g_ptr_array_index (self->levels, middle);
      if (level->priority == priority)
        return level;
      if (level->priority < priority)
        low = middle + 1;
      else
        high = middle;
    }

  level = g_new0 (HfLevel, 1);
  level->priority = priority;
  g_queue_init (&level->owners);
  g_ptr_array_insert (self->levels, low, level);
  return level;
}

static HfOwner *
dispatcher_ensure_owner (HfDispatcher  *self,
                         HfLevel       *level,
                         gconstpointer  key)
{
  HfOwner wanted = { .key = key, .level = level };
  HfOwner *owner = g_hash_table_lookup (self->owners, &wanted);

  if (owner == NULL)
    {
      owner = g_memdup2 (&wanted, sizeof (HfOwner));
      g_queue_init (&owner->lanes);
      owner->link.data = owner;
      g_queue_push_tail_link (&level->owners, &owner->link);
      g_hash_table_add (self->owners, owner);
    }
  return owner;
}

static HfLane *
dispatcher_ensure_lane (HfDispatcher *self,
                        HfOwner      *owner,
                        const char   *name)
{
  HfLane wanted = { .name = (char *) name, .owner = owner };
  HfLane *lane = g_hash_table_lookup (self->lanes, &wanted);

  if (lane == NULL)
    {
      lane = g_new0 (HfLane, 1);
      lane->name = g_strdup (name);
      lane->owner = owner;
      g_queue_init (&lane->jobs);
      lane->link.data = lane;
      g_queue_push_tail_link (&owner->lanes, &lane->link);
      g_hash_table_add (self->lanes, lane);
    }
  return lane;
}

/*
 * hf_dispatcher_push:
 * @job: (transfer full): a job that is not waiting here
 * @owner: whom the job belongs to; only compared
 * @lane: which of the owner's lanes it goes to
 */
void
hf_dispatcher_push (HfDispatcher  *self,
                    HfJob         *job,
                    int            priority,
                    gconstpointer  owner,
                    const char    *lane)
{
  HfLevel *level = dispatcher_ensure_level (self, priority);
  HfLane *wanted =
    dispatcher_ensure_lane (self, dispatcher_ensure_owner (self, level, owner), lane);

  g_assert (job->lane == NULL);
  job->lane = wanted;
  g_queue_push_tail_link (&wanted->jobs, &job->link);
  self->n_jobs++;
}

/* Frees the lane, its owner and its level as far as they are empty. */
static void
dispatcher_prune (HfDispatcher *self,
                  HfLane       *lane)
{
  HfOwner *owner = lane->owner;
  HfLevel *level = owner->level;

  if (!g_queue_is_empty (&lane->jobs))
    return;
  g_hash_table_remove (self->lanes, lane);
  g_queue_unlink (&owner->lanes, &lane->link);
  g_free (lane->name);
  g_free (lane);

  if (!g_queue_is_empty (&owner->lanes))
    return;
  g_hash_table_remove (self->owners, owner);
  g_queue_unlink (&level->owners, &owner->link);
  g_free (owner);

  if (!g_queue_is_empty (&level->owners))
    return;
  g_ptr_array_remove (self->levels, level);
  g_free (level);
}

static void
dispatcher_take (HfDispatcher *self,
                 HfJob        *job)
{
  HfLane *lane = job->lane;

  job->lane = NULL;
  g_queue_unlink (&lane->jobs, &job->link);
  self->n_jobs--;
  dispatcher_prune (self, lane);
}

static gpointer
queue_rotate (GQueue *queue)
{
  GList *link = g_queue_pop_head_link (queue);

  g_queue_push_tail_link (queue, link);
  return link->data;
}

/* Returns: (transfer full) (nullable): the job that comes next */
HfJob *
hf_dispatcher_pop (HfDispatcher *self)
{
  HfLevel *level;
  HfOwner *owner;
  HfLane *lane;
  HfJob *job;

  if (self->levels->len == 0)
    return NULL;

  level = g_ptr_array_index (self->levels, 0);
  owner = queue_rotate (&level->owners);
  lane = queue_rotate (&owner->lanes);
  job = g_queue_peek_head (&lane->jobs);
  dispatcher_take (self, job);
  return job;
}

/* Takes a job back; the dispatcher's reference goes to the caller. Returns: whether it waited. */
gboolean
hf_dispatcher_withdraw (HfDispatcher *self,
                        HfJob        *job)
{
  if (job->lane == NULL)
    return FALSE;
  dispatcher_take (self, job);
  return TRUE;
}

guint
hf_dispatcher_get_n_jobs (HfDispatcher *self)
{
  return self->n_jobs;
}
