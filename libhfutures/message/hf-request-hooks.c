/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

/* Response hooks of a request that have names. */

/**
 * hf_request_add_named_response_hook:
 * @self: a request that was not submitted
 * @name: which function to call, such as `"/usr/lib/program/plugin.so:look_at_response"`
 * @parameters: (nullable): what it is to be given; a floating reference is sunk
 *
 * Adds a hook by its name, after the hooks added before it.
 *
 * The name is that of a file with a module and that of a function in it, with a colon between the
 * two. The function is a [callback@ResponseHook], and its data is the #GVariant @parameters. What
 * stands before the colon is what `g_module_open()` takes, and stays loaded.
 *
 * On a [class@ProcessPoolExecutor] the function is looked for and called in a worker process, and
 * only such hooks can be used there; the page “Worker processes” says how. A worker process that is
 * a program of its own may know other names, see [func@Hf.worker_run_with_hooks]. Everywhere else
 * it is called on the worker.
 *
 * When there is no such function, the future fails with `HF_ERROR_HOOK`.
 *
 * Returns: an id for [method@Request.remove_response_hook]
 *
 * Since: 1.0
 */
guint
hf_request_add_named_response_hook (HfRequest  *self,
                                    const char *name,
                                    GVariant   *parameters)
{
  HfHook *hook;

  g_return_val_if_fail (HF_IS_REQUEST (self), 0);
  g_return_val_if_fail (!self->frozen, 0);
  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), 0);

  hook = hf_hook_new_named (name, parameters);
  if (self->hooks == NULL)
    self->hooks = hf_hook_list_new ();
  g_ptr_array_add (self->hooks, hook);
  return hook->id;
}
