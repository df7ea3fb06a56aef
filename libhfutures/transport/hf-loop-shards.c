/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-loop-shards-private.h"

#include "hf-clock-private.h"

#define MOST_IN_FLIGHT 48 /* of one shard */

struct _HfLoopShards {
  gatomicrefcount ref_count;
  GMainContext *context; /* owned, const */
  GQueue shards;         /* of HfShard, by their links; those that are free the longest come last */
  guint idle_timeout;    /* seconds; 0: never */
  GSource *sweeper;      /* owned, nullable: frees shards that have been idle for too long */
  gboolean closed;
};

HfLoopShards *
hf_loop_shards_new (GMainContext *context)
{
  HfLoopShards *self = g_new0 (HfLoopShards, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_main_context_ref (context);
  g_queue_init (&self->shards);
  return self;
}

HfLoopShards *
hf_loop_shards_ref (HfLoopShards *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_loop_shards_unref (HfLoopShards *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->shards.length == 0 && self->sweeper == NULL);
  g_main_context_unref (self->context);
  g_free (self);
}

/* What is left of shards over HTTP/2 that cannot be freed; their sockets are closed. */
static GMutex suspects_lock;
static GQueue suspects = G_QUEUE_INIT;

static gboolean
free_later (gpointer data)
{
  hf_shard_free (data);
  return G_SOURCE_REMOVE;
}

static void
loop_shards_drop (HfLoopShards *self,
                  HfShard      *shard)
{
  g_autoptr (GSource) source = NULL;

  g_queue_unlink (&self->shards, &shard->link);
  if (!shard->config->http2)
    {
      hf_shard_free (shard);
      return;
    }

  /* libsoup would warn of connections that it has not seen the end of (3.2.3); let it see that. */
  hf_shard_disconnect (shard);
  if (!shard->suspect)
    {
      source = g_idle_source_new ();
      g_source_set_priority (source, G_PRIORITY_LOW);
      g_source_set_callback (source, free_later, shard, NULL);
      g_source_attach (source, self->context);
      return;
    }

  /* It may have lost count of them. */
  g_mutex_lock (&suspects_lock);
  g_queue_push_tail_link (&suspects, &shard->link);
  g_mutex_unlock (&suspects_lock);
}

/* Frees the shards without requests that have been idle since before. Returns: when the next one
 * will have been idle for long enough */
static gint64
loop_shards_sweep (HfLoopShards *self,
                   gint64        now)
{
  gint64 next = HF_CLOCK_NEVER;
  GList *following;

  for (GList *l = self->shards.head; l != NULL; l = following)
    {
      HfShard *shard = l->data;
      gint64 due = hf_clock_due_after (shard->idle_since, self->idle_timeout);

      following = l->next;
      if (shard->n_in_flight > 0)
        continue;
      if (self->closed || due <= now)
        loop_shards_drop (self, shard);
      else
        next = MIN (next, due);
    }
  return next;
}

static void
loop_shards_stop_sweeping (HfLoopShards *self)
{
  if (self->sweeper == NULL)
    return;

  g_source_destroy (self->sweeper);
  g_clear_pointer (&self->sweeper, g_source_unref);
}

static gboolean
sweeper_dispatch (GSource     *source,
                  GSourceFunc  callback,
                  gpointer     user_data)
{
  HfLoopShards *self = user_data;
  gint64 next = loop_shards_sweep (self, g_get_monotonic_time ());

  if (next == HF_CLOCK_NEVER)
    loop_shards_stop_sweeping (self);
  else
    g_source_set_ready_time (source, next);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs sweeper_funcs = { .dispatch = sweeper_dispatch };

static void
loop_shards_arm_sweeper (HfLoopShards *self,
                         HfShard      *shard)
{
  gint64 due = hf_clock_due_after (shard->idle_since, self->idle_timeout);

  if (self->sweeper != NULL || due == HF_CLOCK_NEVER)
    return;

  self->sweeper = g_source_new (&sweeper_funcs, sizeof (GSource));
  g_source_set_static_name (self->sweeper, "libhfutures idle connections");
  g_source_set_callback (self->sweeper, NULL, self, NULL);
  g_source_set_ready_time (self->sweeper, due);
  g_source_attach (self->sweeper, self->context);
}

/* Closes the connections under shards all of whose requests were given up, and that libsoup still
 * has: it may notice, and let go of them. */
static gboolean
disconnect_stuck (gpointer data)
{
  HfLoopShards *self = data;

  for (GList *l = self->shards.head; l != NULL; l = l->next)
    {
      HfShard *shard = l->data;

      if (shard->n_abandoned > 0 && shard->n_abandoned == shard->n_in_flight)
        {
          shard->suspect = TRUE;
          hf_shard_disconnect (shard);
        }
    }
  return G_SOURCE_REMOVE;
}

/* After a request was given up: looks, when libsoup has had its turn. */
void
hf_loop_shards_look_for_stuck (HfLoopShards *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_static_name (source, "libhfutures stuck connections");
  g_source_set_callback (source, disconnect_stuck, hf_loop_shards_ref (self),
                         (GDestroyNotify) hf_loop_shards_unref);
  g_source_attach (source, self->context);
}

static gboolean
close_in_context (gpointer data)
{
  HfLoopShards *self = data;

  self->closed = TRUE;
  disconnect_stuck (self);
  loop_shards_stop_sweeping (self);
  loop_shards_sweep (self, g_get_monotonic_time ());
  return G_SOURCE_REMOVE;
}

/* Any thread: closes the connections in the loop, and gives the shards up. */
void
hf_loop_shards_close (HfLoopShards *self)
{
  g_autoptr (GSource) source = NULL;

  /* Here, if this is the loop's thread or nobody iterates the context, and perhaps nobody will. */
  if (g_main_context_acquire (self->context))
    {
      close_in_context (self);
      g_main_context_release (self->context);
      hf_loop_shards_unref (self);
      return;
    }

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "libhfutures connections");
  g_source_set_callback (source, close_in_context, self, (GDestroyNotify) hf_loop_shards_unref);
  g_source_attach (source, self->context);
}

static void
loop_shards_set_idle_timeout (HfLoopShards *self,
                              guint         idle_timeout)
{
  if (self->idle_timeout == idle_timeout)
    return;

  self->idle_timeout = idle_timeout;
  for (GList *l = self->shards.head; l != NULL; l = l->next)
    soup_session_set_idle_timeout (((HfShard *) l->data)->soup, idle_timeout);
  if (self->sweeper != NULL)
    g_source_set_ready_time (self->sweeper, 0);
}

/*
 * hf_loop_shards_check_out:
 * @idle_timeout: for how long connections may be idle, in seconds; 0: for ever
 * @has_connection: (out): whether the shard probably has an idle connection to the origin of @uri
 *
 * Finds a shard that has room: best of all one with an idle connection, else one that has been at
 * the origin, else any.
 */
HfShard *
hf_loop_shards_check_out (HfLoopShards       *self,
                          HfConnectionConfig *config,
                          GUri               *uri,
                          guint               idle_timeout,
                          gboolean           *has_connection)
{
  HfShard *chosen = NULL;
  gboolean chosen_knows = FALSE;
  gint64 now = g_get_monotonic_time ();

  loop_shards_set_idle_timeout (self, idle_timeout);
  *has_connection = FALSE;
  for (GList *l = self->shards.head; l != NULL && !*has_connection; l = l->next)
    {
      HfShard *shard = l->data;

      if (shard->n_abandoned > 0 || shard->n_in_flight >= MOST_IN_FLIGHT ||
          !hf_connection_config_equal (shard->config, config))
        continue;
      if (hf_shard_take_idle (shard, uri, now, idle_timeout))
        {
          *has_connection = TRUE;
          chosen = shard;
        }
      else if (chosen == NULL || (!chosen_knows && hf_shard_knows (shard, uri)))
        {
          chosen = shard;
          chosen_knows = hf_shard_knows (shard, uri);
        }
    }

  if (chosen == NULL)
    {
      chosen = hf_shard_new_in (config, self->context);
      soup_session_set_idle_timeout (chosen->soup, idle_timeout);
      g_queue_push_head_link (&self->shards, &chosen->link);
    }
  else
    {
      hf_shard_set_config (chosen, config);
    }

  chosen->n_in_flight++;
  return chosen;
}

/*
 * hf_loop_shards_check_in:
 * @uri: (nullable): where the shard was, when it probably has one idle connection more there now
 */
void
hf_loop_shards_check_in (HfLoopShards *self,
                         HfShard      *shard,
                         GUri         *uri)
{
  gint64 now = g_get_monotonic_time ();

  if (uri != NULL)
    hf_shard_add_idle (shard, uri, now);
  if (--shard->n_in_flight > 0)
    return;

  shard->idle_since = now;
  if (self->closed || hf_shard_has_too_many (shard))
    loop_shards_drop (self, shard);
  else
    loop_shards_arm_sweeper (self, shard);
}
