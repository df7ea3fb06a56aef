/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-layout-private.h"

#include <sys/random.h>
#include <unistd.h>

#include "hf-installed-private.h"

/*
 * Processors predict branches by their addresses, and what one process has taught them is of use to
 * another one only where both have the same code at the same addresses. The kernel puts libraries
 * at a random place for each process, so workers that take turns on a processor spoil each other's
 * predictions. Here the workers of a pool get one random place in common; see worker/layout.c.
 */

/* Below all places where the kernel puts libraries on x86-64, and where ThreadSanitizer would have
 * them. Where addresses are fewer, the module that asks for it is refused, and nothing is lost. */
#define LOWEST 0x7e8100000000
#define HIGHEST 0x7ef000000000

/* Returns: a random address for hf_layout_demand(); 0: none is to be had */
guintptr
hf_layout_choose (void)
{
#if GLIB_SIZEOF_VOID_P == 8
  const guint64 page = sysconf (_SC_PAGESIZE);
  guint64 random;

  if (getrandom (&random, sizeof random, GRND_NONBLOCK) == sizeof random)
    return LOWEST + random % ((HIGHEST - LOWEST) / page) * page;
#endif
  return 0;
}

/*
 * hf_layout_demand:
 * @environment: (transfer full)
 * @load_below: an address; 0: wherever the kernel likes
 *
 * Has the libraries of a process loaded below an address, if that is possible: the rest of its
 * memory stays where the kernel puts it.
 *
 * Returns: (transfer full): the environment for it
 */
char **
hf_layout_demand (char     **environment,
                  guintptr   load_below)
{
  g_autofree char *module = hf_find_installed ("hfutures-layout.so");
  g_autofree char *address = g_strdup_printf ("%" G_GINTPTR_MODIFIER "x", load_below);

  if (load_below == 0 || !g_file_test (module, G_FILE_TEST_EXISTS))
    return environment;

  environment = g_environ_setenv (environment, HF_LAYOUT_VARIABLE, address, TRUE);
  return g_environ_setenv (environment, "LD_AUDIT", module, TRUE);
}
