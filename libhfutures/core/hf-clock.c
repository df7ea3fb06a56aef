/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-clock-private.h"

/*
 * One thread that watches all deadlines. Timers wait in a binary heap by the time at which they
 * are due, so adding, bringing forward and removing one costs O(log n), and the thread is only
 * woken when the earliest time becomes earlier than what it sleeps for.
 *
 * A timer that is due later than it was armed for is left where it is: its function is asked when
 * the old time comes, and answers with the new one. Timeouts that are pushed back at every read
 * therefore cost nothing.
 */

struct _HfTimer {
  gatomicrefcount ref_count;   /* one for the owner, one for the clock until the timer has gone */
  HfTimerFunc func;
  gpointer user_data;          /* owned by the clock's reference; destroyed under no lock */
  GDestroyNotify destroy;
  gint64 due;                  /* guarded by the clock's lock */
  guint position;              /* in the heap; guarded by the clock's lock */
  gboolean in_heap;            /* guarded by the clock's lock */
  gint64 sooner;               /* guarded by the clock's lock: asked for while it is called */
  gboolean removed;            /* guarded by the clock's lock: gone, also when it is being called */
};

struct _HfClock {
  gatomicrefcount ref_count;   /* the owner's, and that of a dispatch under way */
  GMutex lock;
  GCond changed;
  GPtrArray *heap;             /* of HfTimer; guarded by lock */
  GThread *thread;             /* guarded by lock; never joined: it lives as long as the process */
  GSource *source;             /* owned, const, nullable: it watches instead of a thread */
  gint64 sleeping_until;       /* guarded by lock */
  gboolean manual;             /* const */
  gint64 manual_now;           /* guarded by lock */
};

static HfClock *default_clock = NULL; /* replaced by tests only, while nothing runs */

static HfClock *
clock_new (gboolean manual)
{
  HfClock *self = g_new0 (HfClock, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->heap = g_ptr_array_new ();
  self->sleeping_until = HF_CLOCK_NEVER;
  self->manual = manual;
  return self;
}

/* Returns: the clock of everything that was not given another one. */
HfClock *
hf_clock_get_default (void)
{
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      g_atomic_pointer_compare_and_exchange (&default_clock, NULL, clock_new (FALSE));
      g_once_init_leave (&made, 1);
    }

  return g_atomic_pointer_get (&default_clock);
}

/* For tests: must be called while no session exists. */
void
hf_clock_set_default (HfClock *clock)
{
  hf_clock_get_default ();
  g_atomic_pointer_set (&default_clock, clock);
}

/* For tests: a clock that stands still until hf_clock_advance(). */
HfClock *
hf_clock_new_manual (void)
{
  return clock_new (TRUE);
}

static void
clock_unref (HfClock *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->source != NULL)
    g_source_unref (self->source);
  g_ptr_array_unref (self->heap);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Only for a clock that is manual or in a context, and without timers; a timer's function, or what
 * is freed with it, may call this. */
void
hf_clock_free (HfClock *self)
{
  g_assert ((self->manual || self->source != NULL) && self->heap->len == 0);

  if (self->source != NULL)
    g_source_destroy (self->source);
  clock_unref (self);
}

static gint64
now_locked (HfClock *self)
{
  return self->manual ? self->manual_now : g_get_monotonic_time ();
}

/* Returns: the time in microseconds, monotonic. */
gint64
hf_clock_now (HfClock *self)
{
  gint64 now;

  if (!self->manual)
    return g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  now = self->manual_now;
  g_mutex_unlock (&self->lock);
  return now;
}

/* Returns: @seconds after @now_us; %HF_CLOCK_NEVER for 0, negative and absurdly large values. */
gint64
hf_clock_due_after (gint64 now_us,
                    double seconds)
{
  if (!(seconds > 0) || seconds >= (double) G_MAXINT64 / G_USEC_PER_SEC / 4)
    return HF_CLOCK_NEVER;
  return now_us + MAX (1, (gint64) (seconds * G_USEC_PER_SEC));
}

static HfTimer *
heap_at (HfClock *self,
         guint    position)
{
  return g_ptr_array_index (self->heap, position);
}

static void
heap_put (HfClock *self,
          guint    position,
          HfTimer *timer)
{
  g_ptr_array_index (self->heap, position) = timer;
  timer->position = position;
}

static void
heap_rise (HfClock *self,
           HfTimer *timer)
{
  guint position = timer->position;

  while (position > 0)
    {
      guint parent = (position - 1) / 2;

      if (heap_at (self, parent)->due <= timer->due)
        break;
      heap_put (self, position, heap_at (self, parent));
      position = parent;
    }
  heap_put (self, position, timer);
}

static void
heap_sink (HfClock *self,
           HfTimer *timer)
{
  guint position = timer->position;

  for (;;)
    {
      guint child = 2 * position + 1;

      if (child >= self->heap->len)
        break;
      if (child + 1 < self->heap->len &&
          heap_at (self, child + 1)->due < heap_at (self, child)->due)
        child++;
      if (timer->due <= heap_at (self, child)->due)
        break;
      heap_put (self, position, heap_at (self, child));
      position = child;
    }
  heap_put (self, position, timer);
}

static void
heap_insert (HfClock *self,
             HfTimer *timer)
{
  g_ptr_array_add (self->heap, timer);
  timer->position = self->heap->len - 1;
  timer->in_heap = TRUE;
  heap_rise (self, timer);
}

static void
heap_remove (HfClock *self,
             HfTimer *timer)
{
  guint position = timer->position;
  HfTimer *last = heap_at (self, self->heap->len - 1);

  g_ptr_array_set_size (self->heap, self->heap->len - 1);
  timer->in_heap = FALSE;

  if (last == timer)
    return;

  heap_put (self, position, last);
  heap_rise (self, last);
  heap_sink (self, last);
}

static void
timer_unref (HfTimer *timer)
{
  if (g_atomic_ref_count_dec (&timer->ref_count))
    g_free (timer);
}

/* Gives up the clock's reference and what the timer owns. Under no lock. */
static void
timer_gone (HfTimer *timer)
{
  if (timer->destroy != NULL)
    timer->destroy (timer->user_data);
  timer_unref (timer);
}

/* Calls everything that is due. Entered and left with the lock held; let go of meanwhile. */
static void
run_due_timers (HfClock *self)
{
  while (self->heap->len > 0 && heap_at (self, 0)->due <= now_locked (self))
    {
      HfTimer *timer = heap_at (self, 0);
      gint64 now = now_locked (self);
      gint64 next;

      heap_remove (self, timer);
      timer->sooner = HF_CLOCK_NEVER;
      g_mutex_unlock (&self->lock);
      next = timer->func (timer->user_data, now);
      g_mutex_lock (&self->lock);
      next = MIN (next, timer->sooner);

      if (!timer->removed && next != HF_CLOCK_NEVER)
        {
          timer->due = next;
          heap_insert (self, timer);
          continue;
        }

      timer->removed = TRUE;
      g_mutex_unlock (&self->lock);
      timer_gone (timer);
      g_mutex_lock (&self->lock);
    }
}

static gpointer
clock_thread (gpointer data)
{
  HfClock *self = data;

  g_mutex_lock (&self->lock);
  for (;;)
    {
      run_due_timers (self);

      self->sleeping_until = self->heap->len > 0 ? heap_at (self, 0)->due : HF_CLOCK_NEVER;
      if (self->sleeping_until == HF_CLOCK_NEVER)
        g_cond_wait (&self->changed, &self->lock);
      else
        g_cond_wait_until (&self->changed, &self->lock, self->sleeping_until);
      self->sleeping_until = G_MININT64;
    }

  return NULL;
}

static gboolean
clock_dispatch (GSource     *source,
                GSourceFunc  callback,
                gpointer     user_data)
{
  HfClock *self = user_data;

  g_atomic_ref_count_inc (&self->ref_count);
  g_mutex_lock (&self->lock);
  g_source_set_ready_time (source, -1);
  run_due_timers (self);
  self->sleeping_until = self->heap->len > 0 ? heap_at (self, 0)->due : HF_CLOCK_NEVER;
  if (self->sleeping_until != HF_CLOCK_NEVER)
    g_source_set_ready_time (source, self->sleeping_until);
  g_mutex_unlock (&self->lock);
  clock_unref (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs clock_source_funcs = { .dispatch = clock_dispatch };

/* Returns: a clock whose timers are called by who iterates the context. */
HfClock *
hf_clock_new_in_context (GMainContext *context)
{
  HfClock *self = clock_new (FALSE);

  self->source = g_source_new (&clock_source_funcs, sizeof (GSource));
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->source, "libhfutures clock");
  g_source_set_callback (self->source, NULL, self, NULL);
  g_source_set_ready_time (self->source, -1);
  g_source_attach (self->source, context);
  return self;
}

static void
wake_for_locked (HfClock *self,
                 gint64   due)
{
  if (self->manual)
    return;

  if (self->source != NULL)
    {
      if (due < self->sleeping_until)
        {
          self->sleeping_until = due;
          g_source_set_ready_time (self->source, due);
        }
      return;
    }

  if (self->thread == NULL)
    {
      self->thread = g_thread_new ("hf-clock", clock_thread, self);
      g_thread_unref (self->thread);
    }
  else if (due < self->sleeping_until)
    {
      self->sleeping_until = due;
      g_cond_signal (&self->changed);
    }
}

/*
 * hf_clock_add:
 * @due_us: when to call @func, in the clock's own time
 * @destroy: called once, under no lock, on the clock's thread or where the timer is removed
 *
 * Returns: (transfer full): a timer; give it back with hf_clock_remove(), also after it ran
 */
HfTimer *
hf_clock_add (HfClock        *self,
              gint64          due_us,
              HfTimerFunc     func,
              gpointer        user_data,
              GDestroyNotify  destroy)
{
  HfTimer *timer = g_new0 (HfTimer, 1);

  g_atomic_ref_count_init (&timer->ref_count);
  g_atomic_ref_count_inc (&timer->ref_count);
  timer->func = func;
  timer->user_data = user_data;
  timer->destroy = destroy;
  timer->due = due_us;

  g_mutex_lock (&self->lock);
  heap_insert (self, timer);
  wake_for_locked (self, due_us);
  g_mutex_unlock (&self->lock);

  return timer;
}

/*
 * hf_clock_bring_forward:
 *
 * Makes sure that the timer is called at @due_us or before. One that is armed for an earlier time
 * stays as it is, because its function will be asked then and can answer with the later time.
 */
void
hf_clock_bring_forward (HfClock *self,
                        HfTimer *timer,
                        gint64   due_us)
{
  g_mutex_lock (&self->lock);
  if (!timer->in_heap)
    {
      timer->sooner = MIN (timer->sooner, due_us);
    }
  else if (due_us < timer->due)
    {
      timer->due = due_us;
      heap_rise (self, timer);
      wake_for_locked (self, due_us);
    }
  g_mutex_unlock (&self->lock);
}

/*
 * hf_clock_remove:
 * @timer: (transfer full): the timer
 *
 * Ends a timer. Does not wait for a call that is under way, so it may be called from one.
 */
void
hf_clock_remove (HfClock *self,
                 HfTimer *timer)
{
  gboolean mine = FALSE;

  g_mutex_lock (&self->lock);
  if (timer->in_heap)
    {
      heap_remove (self, timer);
      mine = TRUE;
    }
  timer->removed = TRUE;
  g_mutex_unlock (&self->lock);

  if (mine)
    timer_gone (timer);
  timer_unref (timer);
}

/* For tests: moves a manual clock on and calls what has become due, on this thread. */
void
hf_clock_advance (HfClock *self,
                  gint64   by_us)
{
  g_assert (self->manual);

  g_mutex_lock (&self->lock);
  self->manual_now += by_us;
  run_due_timers (self);
  g_mutex_unlock (&self->lock);
}

/* What is left of a wait that began at @begun_us of monotonic time; negative: it has no limit. */
gint64
hf_get_time_left (gint64 timeout_us,
                  gint64 begun_us)
{
  return timeout_us < 0 ? -1 : MAX (timeout_us - (g_get_monotonic_time () - begun_us), 0);
}
