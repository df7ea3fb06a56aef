/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-test-gates.h"

struct _HfTestGates {
  GHashTable *held; /* owned; name to GPtrArray of SoupServerMessage; NULL array: open */
};

static void
held_free (gpointer messages)
{
  if (messages != NULL)
    g_ptr_array_unref (messages);
}

HfTestGates *
hf_test_gates_new (void)
{
  HfTestGates *self = g_new (HfTestGates, 1);

  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, held_free);
  return self;
}

void
hf_test_gates_free (HfTestGates *self)
{
  g_hash_table_unref (self->held);
  g_free (self);
}

void
hf_test_gates_hold (HfTestGates       *self,
                    const char        *name,
                    SoupServerMessage *message)
{
  gpointer messages;

  if (!g_hash_table_lookup_extended (self->held, name, NULL, &messages))
    {
      messages = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->held, g_strdup (name), messages);
    }
  if (messages == NULL)
    return;

  g_ptr_array_add (messages, g_object_ref (message));
  soup_server_message_pause (message);
}

void
hf_test_gates_open (HfTestGates *self,
                    const char  *name)
{
  g_autoptr (GPtrArray) messages = NULL;
  gpointer key;
  gpointer value;

  if (g_hash_table_steal_extended (self->held, name, &key, &value))
    {
      messages = value;
      g_free (key);
    }
  g_hash_table_insert (self->held, g_strdup (name), NULL);

  for (guint i = 0; messages != NULL && i < messages->len; i++)
    soup_server_message_unpause (g_ptr_array_index (messages, i));
}

void
hf_test_gates_drop (HfTestGates *self)
{
  g_hash_table_remove_all (self->held);
}
