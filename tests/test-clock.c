/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <glib.h>

#include "hf-clock-private.h"

typedef struct {
  guint calls;
  gint64 again_at; /* what the function answers */
  gboolean destroyed;
} Probe;

static gint64
probe_func (gpointer data,
            gint64   now)
{
  Probe *probe = data;
  gint64 again_at = probe->again_at;

  probe->calls++;
  probe->again_at = HF_CLOCK_NEVER;
  return again_at;
}

static void
probe_destroy (gpointer data)
{
  Probe *probe = data;

  g_assert_false (probe->destroyed);
  probe->destroyed = TRUE;
}

static void
test_due (void)
{
  HfClock *clock = hf_clock_new_manual ();
  Probe probe = { .again_at = HF_CLOCK_NEVER };
  HfTimer *timer = hf_clock_add (clock, 100, probe_func, &probe, probe_destroy);

  hf_clock_advance (clock, 99);
  g_assert_cmpuint (probe.calls, ==, 0);
  hf_clock_advance (clock, 1);
  g_assert_cmpuint (probe.calls, ==, 1);
  g_assert_true (probe.destroyed);
  hf_clock_advance (clock, 1000);
  g_assert_cmpuint (probe.calls, ==, 1);

  hf_clock_remove (clock, timer);
  hf_clock_free (clock);
}

static void
test_again (void)
{
  HfClock *clock = hf_clock_new_manual ();
  Probe probe = { .again_at = 300 };
  HfTimer *timer = hf_clock_add (clock, 100, probe_func, &probe, probe_destroy);

  hf_clock_advance (clock, 100);
  g_assert_cmpuint (probe.calls, ==, 1);
  g_assert_false (probe.destroyed);
  hf_clock_advance (clock, 199);
  g_assert_cmpuint (probe.calls, ==, 1);
  hf_clock_advance (clock, 1);
  g_assert_cmpuint (probe.calls, ==, 2);
  g_assert_true (probe.destroyed);

  hf_clock_remove (clock, timer);
  hf_clock_free (clock);
}

static void
test_remove_and_bring_forward (void)
{
  HfClock *clock = hf_clock_new_manual ();
  Probe removed = { .again_at = HF_CLOCK_NEVER };
  Probe sooner = { .again_at = HF_CLOCK_NEVER };
  HfTimer *first = hf_clock_add (clock, 100, probe_func, &removed, probe_destroy);
  HfTimer *second = hf_clock_add (clock, 1000, probe_func, &sooner, probe_destroy);

  hf_clock_remove (clock, first);
  g_assert_true (removed.destroyed);
  hf_clock_bring_forward (clock, second, 2000); /* later: nothing changes */
  hf_clock_bring_forward (clock, second, 50);
  hf_clock_advance (clock, 50);
  g_assert_cmpuint (sooner.calls, ==, 1);
  hf_clock_advance (clock, 5000);
  g_assert_cmpuint (removed.calls, ==, 0);
  g_assert_cmpuint (sooner.calls, ==, 1);

  hf_clock_remove (clock, second);
  hf_clock_free (clock);
}

typedef struct {
  GArray *order;
  int due;
} Ordered;

static gint64
ordered_func (gpointer data,
              gint64   now)
{
  Ordered *ordered = data;

  g_array_append_val (ordered->order, ordered->due);
  return HF_CLOCK_NEVER;
}

static void
test_order (void)
{
  const guint n = 1000;
  HfClock *clock = hf_clock_new_manual ();
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree Ordered *timers = g_new (Ordered, n);
  g_autofree HfTimer **handles = g_new (HfTimer *, n);
  g_autoptr (GRand) random = g_rand_new_with_seed (42);

  for (guint i = 0; i < n; i++)
    {
      timers[i] = (Ordered){ order, g_rand_int_range (random, 1, 500) };
      handles[i] = hf_clock_add (clock, timers[i].due, ordered_func, &timers[i], NULL);
    }
  for (guint i = 0; i < n; i += 3)
    {
      hf_clock_remove (clock, handles[i]);
      handles[i] = NULL;
    }

  hf_clock_advance (clock, 500);
  g_assert_cmpuint (order->len, ==, n - (n + 2) / 3);
  for (guint i = 1; i < order->len; i++)
    g_assert_cmpint (g_array_index (order, int, i - 1), <=, g_array_index (order, int, i));

  for (guint i = 0; i < n; i++)
    if (handles[i] != NULL)
      hf_clock_remove (clock, handles[i]);
  hf_clock_free (clock);
}

typedef struct {
  GMutex lock;
  GCond cond;
  gboolean called;
} Gate;

static gint64
open_gate (gpointer data,
           gint64   now)
{
  Gate *gate = data;

  g_mutex_lock (&gate->lock);
  gate->called = TRUE;
  g_cond_signal (&gate->cond);
  g_mutex_unlock (&gate->lock);
  return HF_CLOCK_NEVER;
}

static void
test_real (void)
{
  HfClock *clock = hf_clock_get_default ();
  Gate gate = { .called = FALSE };
  gint64 due = hf_clock_now (clock) + 1000;
  HfTimer *late = hf_clock_add (clock, HF_CLOCK_NEVER - 1, open_gate, &gate, NULL);
  HfTimer *timer = hf_clock_add (clock, due, open_gate, &gate, NULL);

  g_mutex_lock (&gate.lock);
  while (!gate.called)
    g_cond_wait (&gate.cond, &gate.lock);
  g_mutex_unlock (&gate.lock);
  g_assert_cmpint (hf_clock_now (clock), >=, due);

  hf_clock_remove (clock, timer);
  hf_clock_remove (clock, late);
}

static void
test_due_after (void)
{
  g_assert_cmpint (hf_clock_due_after (5, 0), ==, HF_CLOCK_NEVER);
  g_assert_cmpint (hf_clock_due_after (5, -1), ==, HF_CLOCK_NEVER);
  g_assert_cmpint (hf_clock_due_after (5, G_MAXDOUBLE), ==, HF_CLOCK_NEVER);
  g_assert_cmpint (hf_clock_due_after (5, 1.5), ==, 1500005);
  g_assert_cmpint (hf_clock_due_after (5, 1e-9), ==, 6);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/due", test_due);
  g_test_add_func ("/clock/again", test_again);
  g_test_add_func ("/clock/remove-and-bring-forward", test_remove_and_bring_forward);
  g_test_add_func ("/clock/order", test_order);
  g_test_add_func ("/clock/real", test_real);
  g_test_add_func ("/clock/due-after", test_due_after);
  return g_test_run ();
}
