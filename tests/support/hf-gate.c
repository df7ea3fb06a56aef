/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-gate.h"

#define PATIENCE_US (60 * G_USEC_PER_SEC)

void
hf_gate_pass (HfGate *gate)
{
  g_mutex_lock (&gate->lock);
  if (gate->count < G_MAXUINT)
    gate->count++;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

/* From now on nobody waits. */
void
hf_gate_open (HfGate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->count = G_MAXUINT;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

void
hf_gate_wait (HfGate *gate,
              guint   count)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_US;

  g_mutex_lock (&gate->lock);
  while (gate->count < count)
    if (!g_cond_wait_until (&gate->changed, &gate->lock, until))
      g_error ("A gate was passed %u times only, not %u times", gate->count, count);
  g_mutex_unlock (&gate->lock);
}

gboolean
hf_gate_has_passed (HfGate *gate,
                    guint   count)
{
  gboolean passed;

  g_mutex_lock (&gate->lock);
  passed = gate->count >= count;
  g_mutex_unlock (&gate->lock);
  return passed;
}

void
hf_assert_becomes (gboolean (*condition) (gpointer),
                   gpointer   user_data)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_US;

  while (!condition (user_data))
    {
      if (g_get_monotonic_time () > until)
        g_error ("What was waited for did not come true");
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

void
hf_assert_passes (HfGate *gate,
                  guint   count)
{
  const gint64 until = g_get_monotonic_time () + PATIENCE_US;

  while (!hf_gate_has_passed (gate, count))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

static gboolean
weak_ref_is_empty (gpointer user_data)
{
  g_autoptr (GObject) object = g_weak_ref_get (user_data);

  return object == NULL;
}

void
hf_assert_finalizes (gpointer object)
{
  GWeakRef weak;

  g_weak_ref_init (&weak, object);
  g_object_unref (object);
  hf_assert_becomes (weak_ref_is_empty, &weak);
  g_weak_ref_clear (&weak);
}
