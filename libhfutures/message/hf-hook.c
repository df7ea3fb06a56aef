/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-hook-private.h"

/*
 * A response hook as somebody added it. Those that are bound to a context are freed there too,
 * because what they close over may belong to a language that must not be touched elsewhere.
 */

HfHook *
hf_hook_new (HfResponseHook func,
             gpointer       user_data,
             GDestroyNotify destroy,
             gboolean       in_context)
{
  static int last_id = 0;
  HfHook *self = g_new0 (HfHook, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->id = (guint) g_atomic_int_add (&last_id, 1) + 1;
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  if (in_context)
    {
      self->context = g_main_context_ref_thread_default ();
      self->mailbox = hf_mailbox_ref_current ();
    }
  return self;
}

/* @parameters: (nullable): a floating reference is sunk */
HfHook *
hf_hook_new_named (const char *name,
                   GVariant   *parameters)
{
  HfHook *self = hf_hook_new (NULL, NULL, NULL, FALSE);

  self->name = g_strdup (name);
  if (parameters != NULL)
    self->parameters = g_variant_ref_sink (parameters);
  return self;
}

HfHook *
hf_hook_ref (HfHook *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
hook_destroy_in_context (HfHook *self)
{
  g_autoptr (HfMailbox) here = hf_mailbox_ref_current ();

  if (self->destroy == NULL)
    return;

  if (here == self->mailbox)
    self->destroy (self->user_data);
  else
    hf_mailbox_call_unref (hf_mailbox_post (self->mailbox, self->context, self->destroy,
                                            self->destroy, self->user_data));
}

void
hf_hook_unref (HfHook *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->context != NULL)
    {
      hook_destroy_in_context (self);
      g_main_context_unref (self->context);
      hf_mailbox_unref (self->mailbox);
    }
  else if (self->destroy != NULL)
    {
      self->destroy (self->user_data);
    }

  g_clear_pointer (&self->parameters, g_variant_unref);
  g_free (self->name);
  g_free (self);
}

/* Returns: (transfer full): a list that owns references */
GPtrArray *
hf_hook_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) hf_hook_unref);
}

/* Returns: (transfer full) (nullable): a list of the same hooks; %NULL when there is none */
GPtrArray *
hf_hook_list_copy (GPtrArray *hooks)
{
  GPtrArray *copy;

  if (hooks == NULL || hooks->len == 0)
    return NULL;

  copy = hf_hook_list_new ();
  for (guint i = 0; i < hooks->len; i++)
    g_ptr_array_add (copy, hf_hook_ref (g_ptr_array_index (hooks, i)));
  return copy;
}

gboolean
hf_hook_list_find (GPtrArray *hooks,
                   guint      id,
                   guint     *position)
{
  for (guint i = 0; hooks != NULL && i < hooks->len; i++)
    {
      HfHook *hook = g_ptr_array_index (hooks, i);

      if (hook->id == id)
        {
          *position = i;
          return TRUE;
        }
    }
  return FALSE;
}
