/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#define _GNU_SOURCE /* dladdr() */
#include "config.h"

#include "hf-installed-private.h"

#include <dlfcn.h>

/*
 * hf_find_installed:
 * @name: of a file that belongs to this library, and is for worker processes
 *
 * Finds the installed one, or the one beside the library where that was built.
 *
 * Returns: (transfer full): its path
 */
char *
hf_find_installed (const char *name)
{
  Dl_info found;

  if (dladdr (hf_find_installed, &found) != 0 && found.dli_fname != NULL)
    {
      g_autofree char *here = g_canonicalize_filename (found.dli_fname, NULL);

      /* It may also be installed somewhere below. */
      if (g_str_has_prefix (here, HF_BUILD_ROOT "/") && !g_str_has_prefix (here, HF_LIB_DIR "/"))
        return g_build_filename (HF_BUILD_ROOT "/libhfutures", name, NULL);
    }
  return g_build_filename (HF_LIBEXEC_DIR, name, NULL);
}
