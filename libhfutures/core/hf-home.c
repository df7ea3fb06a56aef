/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-home-private.h"

struct _HfHome {
  gatomicrefcount ref_count;
  GMainContext *context; /* owned, const */
  GThread *thread;       /* const; only compared */
};

/* On the thread that is going to iterate the context. */
HfHome *
hf_home_new (GMainContext *context)
{
  HfHome *self = g_new (HfHome, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_main_context_ref (context);
  self->thread = g_thread_self ();
  return self;
}

HfHome *
hf_home_ref (HfHome *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_home_unref (HfHome *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_main_context_unref (self->context);
  g_free (self);
}

GMainContext *
hf_home_get_context (HfHome *self)
{
  return self->context;
}

/* Whether the work would wait for this thread: because it iterates the context just now, or because
 * it is the one that will and no other does. */
gboolean
hf_home_is_here (HfHome *self)
{
  if (g_main_context_is_owner (self->context))
    return TRUE;
  if (self->thread != g_thread_self () || !g_main_context_acquire (self->context))
    return FALSE;

  g_main_context_release (self->context);
  return TRUE;
}
