/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-named-hook-private.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>

#include "hf-error-private.h"

/* Response hooks in modules, named as "file:function". */

static HfResponseHook
find_function (const char  *name,
               GError     **error)
{
  const char *colon = strrchr (name, ':');
  g_autofree char *file = colon != NULL ? g_strndup (name, colon - name) : NULL;
  gpointer function;
  GModule *module;

  if (file == NULL || file[0] == '\0' || colon[1] == '\0')
    {
      g_set_error_literal (error, G_MODULE_ERROR, G_MODULE_ERROR_FAILED,
                           _("it is not the name of a file and that of a function, with a colon "
                             "between the two"));
      return NULL;
    }

  module = g_module_open_full (file, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL, error);
  if (module == NULL)
    return NULL;

  /* Nobody can know when nothing of it is used any more. */
  g_module_make_resident (module);
  if (!g_module_symbol (module, colon + 1, &function) || function == NULL)
    {
      g_set_error (error, G_MODULE_ERROR, G_MODULE_ERROR_FAILED,
                   _("there is no function “%s” in “%s”"), colon + 1, file);
      g_module_close (module);
      return NULL;
    }
  g_module_close (module);
  return (HfResponseHook) function;
}

/* An HfNamedHookFunc: calls the hook that is in a module. */
void
hf_named_hook_run (const char *name,
                   GVariant   *parameters,
                   HfHookCall *call,
                   gpointer    user_data)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GError) error = NULL;
  HfResponseHook function;

  hf_init_i18n ();
  function = find_function (name, &cause);
  if (function != NULL)
    {
      function (call, parameters);
      return;
    }

  error = g_error_new (HF_ERROR, HF_ERROR_HOOK, _("The response hook “%s” cannot be called: %s"),
                       name, cause->message);
  hf_hook_call_fail (call, error);
}
