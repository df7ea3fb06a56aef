/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-loop-private.h"

#include "hf-blocking-private.h"

struct _HfLoop {
  gatomicrefcount ref_count; /* the owner's, and the thread's */
  GMainContext *context;     /* owned, const */
  GDestroyNotify spend;      /* const */
  gboolean has_thread;       /* const: needs one of its own */
  gboolean started;          /* the owner's */
  int quit;                  /* atomic */

  GSource *source;           /* owned, const */
  GMutex lock;
  GPtrArray *tokens;         /* owned; guarded by lock */
};

static void
loop_unref (HfLoop *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_source_unref (self->source);
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->tokens);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* A single source serves all tokens, and wakes its loop once for those that come together. */
static gboolean
tokens_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  HfLoop *self = user_data;
  g_autoptr (GPtrArray) tokens = NULL;

  g_atomic_ref_count_inc (&self->ref_count); /* the last token may be the end of the loop */
  g_mutex_lock (&self->lock);
  g_source_set_ready_time (source, -1);
  tokens = g_steal_pointer (&self->tokens);
  self->tokens = g_ptr_array_new ();
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < tokens->len; i++)
    self->spend (g_ptr_array_index (tokens, i));
  loop_unref (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs tokens_source_funcs = { .dispatch = tokens_dispatch };

/*
 * hf_loop_new:
 * @context: (nullable): the user's context; %NULL for one of its own, with a thread
 * @spend: called in the context with each token
 */
HfLoop *
hf_loop_new (GMainContext  *context,
             GDestroyNotify spend)
{
  HfLoop *self = g_new0 (HfLoop, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = context != NULL ? g_main_context_ref (context) : g_main_context_new ();
  self->has_thread = context == NULL;
  self->spend = spend;
  g_mutex_init (&self->lock);
  self->tokens = g_ptr_array_new ();
  self->source = g_source_new (&tokens_source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "libhfutures jobs");
  g_source_set_callback (self->source, NULL, self, NULL);
  g_source_set_ready_time (self->source, -1);
  g_source_attach (self->source, self->context);
  return self;
}

static gpointer
loop_thread (gpointer data)
{
  static const HfBlockingScope never_block = { NULL, NULL, NULL };
  HfLoop *self = data;

  g_main_context_push_thread_default (self->context);
  hf_blocking_scope_swap (&never_block);
  while (!g_atomic_int_get (&self->quit))
    g_main_context_iteration (self->context, TRUE);

  /* What others have left behind in the context, such as connections to be closed. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  hf_blocking_scope_swap (NULL);
  g_main_context_pop_thread_default (self->context);
  loop_unref (self);
  return NULL;
}

/* Makes sure that somebody iterates the context, or will. Not to be called twice at once. */
gboolean
hf_loop_start (HfLoop  *self,
               GError **error)
{
  GThread *thread;

  if (!self->has_thread || self->started)
    return TRUE;

  g_atomic_ref_count_inc (&self->ref_count);
  thread = g_thread_try_new ("hf-loop", loop_thread, self, error);
  if (thread == NULL)
    {
      loop_unref (self);
      return FALSE;
    }

  g_thread_unref (thread);
  self->started = TRUE;
  return TRUE;
}

/* Gives the loop up. There are no tokens left; this may be on its own thread. */
void
hf_loop_quit (HfLoop *self)
{
  g_source_destroy (self->source);
  g_atomic_int_set (&self->quit, TRUE);
  if (self->has_thread)
    g_main_context_wakeup (self->context);
  loop_unref (self);
}

/* Has the token spent in the context. Any thread. */
void
hf_loop_give_token (HfLoop   *self,
                    gpointer  token)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->tokens, token);
  if (self->tokens->len == 1)
    g_source_set_ready_time (self->source, 0);
  g_mutex_unlock (&self->lock);
}
