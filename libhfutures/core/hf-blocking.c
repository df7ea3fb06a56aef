/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-blocking-private.h"

static GPrivate current_scope; /* of const HfBlockingScope, owned by the frame that set it */

/*
 * hf_blocking_scope_swap:
 * @scope: (nullable): the scope of the work that this thread begins, %NULL at its end
 *
 * Returns: (nullable): the scope that was set before, to be set again afterwards
 */
const HfBlockingScope *
hf_blocking_scope_swap (const HfBlockingScope *scope)
{
  const HfBlockingScope *before = g_private_get (&current_scope);

  g_private_set (&current_scope, (gpointer) scope);
  return before;
}

/* Call before a blocking wait. Returns: (nullable): what hf_blocking_leave() wants. */
const HfBlockingScope *
hf_blocking_enter (void)
{
  const HfBlockingScope *scope = g_private_get (&current_scope);

  if (scope != NULL && scope->enter != NULL)
    scope->enter (scope->user_data);
  return scope;
}

/* Whether this thread is a loop's, whose work would wait as well. */
gboolean
hf_blocking_is_forbidden (void)
{
  const HfBlockingScope *scope = g_private_get (&current_scope);

  return scope != NULL && scope->enter == NULL;
}

/* Call after a blocking wait. */
void
hf_blocking_leave (const HfBlockingScope *scope)
{
  if (scope != NULL && scope->leave != NULL)
    scope->leave (scope->user_data);
}
