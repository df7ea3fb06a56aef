/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-response-private.h"

#include <unistd.h>

/* What hooks leave with a response. */

/* @value: a floating reference is sunk */
void
hf_response_attach (HfResponse *self,
                    const char *name,
                    GVariant   *value)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (self->attached);

  g_variant_dict_insert_value (&values, name, value);
  g_clear_pointer (&self->attached, g_variant_unref);
  self->attached = g_variant_ref_sink (g_variant_dict_end (&values));
}

/* The body stays; it cannot go to another process any more without being copied. */
void
hf_response_forget_sealed (HfResponse *self)
{
  if (self->sealed >= 0)
    close (self->sealed);
  self->sealed = -1;
}

/**
 * hf_response_dup_attached:
 * @self: a response
 * @name: what it was attached as
 *
 * Gives what a response hook has attached to the response with [method@HookCall.attach].
 *
 * Returns: (transfer full) (nullable): the value, or %NULL when there is none of that name
 *
 * Since: 1.0
 */
GVariant *
hf_response_dup_attached (HfResponse *self,
                          const char *name)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return self->attached != NULL ? g_variant_lookup_value (self->attached, name, NULL) : NULL;
}

/**
 * hf_response_list_attached:
 * @self: a response
 *
 * Gives the names of all that response hooks have attached to the response.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names, in no order
 *
 * Since: 1.0
 */
char **
hf_response_list_attached (HfResponse *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  GVariantIter iter;
  const char *name;

  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  if (self->attached != NULL)
    {
      g_variant_iter_init (&iter, self->attached);
      while (g_variant_iter_next (&iter, "{&sv}", &name, NULL))
        g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}
